import { cellScores, PSA_WALK, randomWalk, refineScores } from '@wsss/affinity';
import { addBackground } from '@wsss/cam';
import { argmaxLabels, type HostTensor, hostTensor, resizeBilinear } from '@wsss/core';
import { EXACT, type GoldenRun, hwc, type ReferenceTensor } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// spec/psa, section 17: against the official float32, which drifts, and against the walk in float64.
const official = { abs: 2e-4 };
const exact = { abs: 1e-5 };

goldenKind('psa/d', async (run) => {
  const [beta, logt, radius] = ['beta', 'logt', 'radius'].map((name) => run.parameter<number>(name)!);
  const options = { ...PSA_WALK, radius: radius!, beta: beta!, steps: 2 ** logt! };
  const affinity = run.input('aff');
  const small = hwc(run.input('cam_small'));
  for (const engine of ['wasm', 'plain'] as const) {
    const walked = await randomWalk(small, affinity, { ...options, engine });
    await run.compare('rw_f64', walked, { tolerance: exact, layout: hwc, via: engine });
    await run.compare('rw', walked, { tolerance: official, layout: hwc, via: engine });
  }
  const followed = await randomWalk(small, affinity, { ...options, tolerance: 0 });
  await run.compare('rw_f64', followed, { tolerance: exact, layout: hwc, via: 'step by step' });

  const cams = run.names(/^cam\.(\d+)$/);
  const classes = run.parameter<number[]>('present_classes_0based')!.map((index) => index + 1);
  const walked = await randomWalk(small, affinity, options);
  if (cams.length > 0)
    await checkPhoto(
      run,
      cams.map(([name]) => run.input(name)),
      affinity,
      options,
    );
  const [height, width] = [8 * small.shape[0]!, 8 * small.shape[1]!];
  const large = await resizeBilinear(walked, [height, width]);
  if (run.has('rw_up')) await run.compare('rw_up', large, { tolerance: official, layout: hwc });
  const size = [run.parameter<number>('image_H')!, run.parameter<number>('image_W')!] as const;
  const labels = await argmaxLabels(cut(large, size), { classes });
  await run.compare('pred', labels, { tolerance: EXACT });
  run.describes('facts', 'channels_of_cam_small_and_rw');
});

/** From the maps at the size of the photo to its scores. */
async function checkPhoto(
  run: GoldenRun,
  cams: readonly ReferenceTensor[],
  affinity: ReferenceTensor<Float32Array>,
  options: Parameters<typeof refineScores>[2],
): Promise<void> {
  const [h, w] = cams[0]!.shape as [number, number];
  const maps = Float32Array.from({ length: h * w * cams.length }, (_, i) =>
    Number(cams[i % cams.length]!.values[Math.floor(i / cams.length)]),
  );
  await onEachBackend(async (via) => {
    const scores = addBackground(hostTensor(maps, [h, w, cams.length]), { alpha: run.parameter<number>('alpha')! });
    await run.compare('cam_small', await cellScores(scores), { tolerance: exact, layout: hwc, via });
    const refined = await refineScores(scores, affinity, options);
    await run.compare('rw_up', refined, {
      tolerance: official,
      layout: (up) => cut(hwc(up as typeof affinity), [h, w]),
      via,
    });
  });
}

/** The upper left corner. */
function cut({ values, shape }: HostTensor, [h, w]: readonly [number, number]): HostTensor {
  const [, width, C] = shape as [number, number, number];
  const kept = Float32Array.from({ length: h * w * C }, (_, i) => {
    const cell = Math.floor(i / C);
    return values[(Math.floor(cell / w) * width + (cell % w)) * C + (i % C)]!;
  });
  return hostTensor(kept, [h, w, C]);
}
