import type { Tensor } from '@tensorflow/tfjs-core';
import { affinityPairs, PSA_WALK, randomWalk } from '@wsss/affinity';
import { hostTensor } from '@wsss/core';
import { type GoldenRun, nhwc } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { headOf } from '../suite/stored-head';

// spec/psa, section 17.
const tolerance = { abs: 1e-5 };

goldenKind('psa/b', async (run) => {
  const radius = run.parameter<number>('radius')!;
  await onEachBackend(async (via) => {
    const { network, images } = await headOf(run);
    await run.compare('f9_out', network.forward(images), { tolerance, layout: nhwc, via });
    const affinity = network.affinities(images, { radius });
    await run.compare('aff', affinity, { tolerance, via });
    if (run.has('aff_dense')) await run.compare('aff_dense', await dense(run, affinity, radius), { tolerance, via });
  });
  await checkOneStep(run, radius);
});

/** The matrix of the walk before its power: both halves, and ones on the diagonal. */
async function dense(run: GoldenRun, affinity: Tensor, radius: number) {
  const [H, W] = [run.parameter<number>('H')!, run.parameter<number>('W')!];
  const { from, to } = await affinityPairs(H, W, radius);
  const values = await affinity.data();
  const N = H * W;
  const matrix = new Float32Array(N * N);
  for (let i = 0; i < N; i++) matrix[i * N + i] = 1;
  for (let k = 0; k < to.values.length; k++) {
    const [i, j] = [from.values[k % from.values.length]!, to.values[k]!];
    matrix[i * N + j] = matrix[j * N + i] = values[k]!;
  }
  return hostTensor(matrix, [N, N]);
}

/** The stored matrix, divided by its columns, is what one step of the walk applies. */
async function checkOneStep(run: GoldenRun, radius: number): Promise<void> {
  if (!run.has('aff_dense')) return;
  const [H, W] = [run.parameter<number>('H')!, run.parameter<number>('W')!];
  const N = H * W;
  const { values, shape } = run.input('aff');
  const identity = new Float32Array(N * N);
  for (let i = 0; i < N; i++) identity[i * N + i] = 1;
  const affinity = hostTensor(values, shape.slice(1));
  const once = await randomWalk(hostTensor(identity, [H, W, N]), affinity, { ...PSA_WALK, radius, beta: 1, steps: 1 });
  await run.compare('aff_dense', hostTensor(once.values, [N, N]), {
    tolerance,
    // Cell j gets the share A_ij / Σ_i A_ij of channel i, which began in cell i.
    layout: (stored) => {
      const matrix = Float64Array.from(stored.values as Float32Array);
      for (let j = 0; j < N; j++) {
        let sum = 0;
        for (let i = 0; i < N; i++) sum += matrix[j * N + i]!;
        for (let i = 0; i < N; i++) matrix[j * N + i]! /= sum;
      }
      return { values: matrix, shape: [N, N] };
    },
    via: 'one step',
  });
}
