// MiB by which one exploration makes a fresh process larger: … src/sipe/memory.ts SIDE [signed]
import { explorePrototypes } from '@wsss/sipe';
import { explorationScene } from './exploration-scene';

const scene = explorationScene(Number(process.argv[2]), { signed: process.argv[3] === 'signed' });
const classes = Array.from({ length: scene.classes }, (_, c) => c + 1);
const resident = () => process.resourceUsage().maxRSS / 1024;
const before = resident();
await explorePrototypes(scene, { classes });
console.log(resident() - before);
