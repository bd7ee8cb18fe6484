import { hostTensor } from '@wsss/core';
import { Lattice } from '@wsss/crf';
import { EXACT, permute, type ReferenceTensor, reshape, toNumbers } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

// The sidecars: tables exact, weights 1e-5, filtered values 1e-4 of the largest.
const weights = { abs: 1e-5 };
const filtered = { rel: 1e-4 };

/** `[d, N]` of the reference to `[N, d]`. */
const pointsFirst = (tensor: ReferenceTensor) => permute(tensor, [1, 0]);

goldenKind('crf/lattice', async (run) => {
  run.describes('d', 'N', 'n_mod_4');
  const features = pointsFirst(run.input('features'));
  for (const engine of ['wasm', 'plain'] as const) {
    const lattice = new Lattice(hostTensor(Float32Array.from(toNumbers(features.values)), features.shape), {
      compatibility: 'pydensecrf',
      engine,
    });
    run.compareRecorded('vertices', lattice.vertices, { tolerance: EXACT, via: engine });
    await run.compare('offset', lattice.offset, { tolerance: EXACT, via: engine });
    await run.compare('rank', lattice.rank, { tolerance: EXACT, via: engine });
    await run.compare('barycentric', lattice.barycentric, { tolerance: weights, via: engine });
    await run.compare('blur_neighbors', lattice.neighbours, { tolerance: EXACT, via: engine });

    const ones = hostTensor(new Float32Array(lattice.points).fill(1), [lattice.points, 1]);
    await run.compare('norm', await lattice.filter(ones), {
      tolerance: filtered,
      layout: (norm) => reshape(norm, [lattice.points, 1]),
      via: engine,
    });
    for (const [name, channels, direction] of run.names(/^out(\d+)(_reverse)?$/)) {
      const values = pointsFirst(run.input(`in${channels}`));
      const result = await lattice.filter(values, { reverse: direction !== undefined });
      await run.compare(name, result, { tolerance: filtered, layout: pointsFirst, via: engine });
    }
    lattice.dispose();
  }
});
