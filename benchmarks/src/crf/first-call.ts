import { readFileSync } from 'node:fs';
import { ourRun } from './our-run';

// One run in a fresh process: node … first-call.ts folder width height classes. Prints milliseconds, and how far the
// memory rose above what was there before, in KiB.
const [folder, ...numbers] = process.argv.slice(2);
const [width, height, classes] = numbers.map(Number) as [number, number, number];
const image = new Uint8Array(readFileSync(`${folder}/image.bin`));
const scores = new Float32Array(new Uint8Array(readFileSync(`${folder}/scores.bin`)).buffer);
const before = process.memoryUsage.rss() / 1024;
const { wall, cpu } = await ourRun({ height, width, classes, image, scores }, 1);
console.log(wall, cpu, process.resourceUsage().maxRSS - before);
