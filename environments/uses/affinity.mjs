import { affinityLabels, affinityPairs, randomWalk } from '@wsss/affinity';
import { hostTensor } from '@wsss/core';

// Every pair of cells within the radius is alike: scores walk towards their mean.
const { from, to } = await affinityPairs(4, 5, 2);
const [pairs, cells] = to.shape;
const affinity = hostTensor(new Float32Array(pairs * cells).fill(1), [pairs, cells]);
const maps = hostTensor(
  Float32Array.from({ length: 40 }, (_, i) => (i === 14 ? 1 : 0)),
  [4, 5, 2],
);
const walked = await randomWalk(maps, affinity, { radius: 2, beta: 8, steps: 256 });
const labels = await affinityLabels(hostTensor(new Uint8Array(20), [4, 5]), { radius: 2 });
console.log(from.shape, walked.shape, walked.values[14] < 0.5 ? 'spread' : 'stayed', labels.backgroundPositive.shape);
// [ 9 ] [ 4, 5, 2 ] spread [ 4, 9 ]
