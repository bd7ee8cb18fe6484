import { affinityLabels, irnWalk, pathAffinity, pathPairs } from '@wsss/affinity';
import { argmaxLabels, type HostTensor, hostTensor, resizeBilinear } from '@wsss/core';
import { EXACT, type GoldenRun, hwc, item } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

goldenKind('psa/i', async (run) => {
  const radius = run.parameter<number>('radius')!;
  const size = [run.parameter<number>('H')!, run.parameter<number>('W')!] as const;
  if (run.has('path_points')) await checkPaths(run, size, radius);
  else if (run.has('label')) await checkLabels(run, radius);
  else await checkWalk(run, radius);
});

async function checkPaths(run: GoldenRun, [h, w]: readonly [number, number], radius: number): Promise<void> {
  const { from, to, offsets, points, starts } = await pathPairs(h, w, radius);
  await run.compare('path_points', points, { tolerance: EXACT });
  await run.compare('path_start', starts, { tolerance: EXACT });
  await run.compare('search_dst', offsets, { tolerance: EXACT });
  await run.compare('src_indices', from, { tolerance: EXACT });
  await run.compare('dst_indices', to, { tolerance: EXACT });
  const groups = new Map<number, number>();
  for (let p = 0; p + 1 < starts.values.length; p++) {
    const length = starts.values[p + 1]! - starts.values[p]!;
    groups.set(length, (groups.get(length) ?? 0) + 1);
  }
  const counted = [...groups].map(([length, count]) => [count, length]);
  run.compareRecorded('groups_count_and_length', counted, { tolerance: EXACT });
}

async function checkLabels(run: GoldenRun, radius: number): Promise<void> {
  // IRN takes the 21 labels of VOC; the rest, 255 among them, is ignored.
  const labels = await affinityLabels(run.input<Uint8Array>('label'), { radius, order: 'irn', ignoreFrom: 21 });
  await run.compare('bg_pos', labels.backgroundPositive, { tolerance: EXACT });
  await run.compare('fg_pos', labels.foregroundPositive, { tolerance: EXACT });
  await run.compare('neg', labels.negative, { tolerance: EXACT });
}

async function checkWalk(run: GoldenRun, radius: number): Promise<void> {
  const edge = item(run.input('edge'), 0);
  // spec/psa, section 17, for walks; an affinity is one subtraction.
  await run.compare('aff_padded', await pathAffinity(edge, { radius }), { tolerance: { abs: 1e-7 } });
  const options = {
    radius,
    beta: run.parameter<number>('beta')!,
    steps: 2 ** run.parameter<number>('exp_times')!,
  };
  const maps = hwc(run.input('x'));
  for (const engine of ['wasm', 'plain'] as const) {
    const walked = await irnWalk(maps, edge, { ...options, engine });
    await run.compare('rw', walked, { tolerance: { abs: 2e-4 }, layout: hwc, via: engine });
  }
  if (run.has('pred')) {
    const [height, width] = [run.parameter<number>('image_H')!, run.parameter<number>('image_W')!];
    const threshold = run.parameter<number>('sem_seg_bg_thres')!;
    const labels = await predict(await irnWalk(maps, edge, options), [height, width], threshold);
    await run.compare('pred', labels, { tolerance: EXACT });
  }
}

/** Four times the size, cut to the photo, divided by the largest value of all, after a constant background. */
async function predict(walked: HostTensor, [height, width]: readonly [number, number], threshold: number) {
  const [h, w, C] = walked.shape as [number, number, number];
  const { values } = await resizeBilinear(walked, [4 * h, 4 * w]);
  const inside = Array.from({ length: height * width }, (_, i) => {
    const start = (Math.floor(i / width) * 4 * w + (i % width)) * C;
    return values.subarray(start, start + C);
  });
  const most = Math.max(...inside.map((scores) => Math.max(...scores)));
  const scores = Float32Array.from(inside.flatMap((maps) => [threshold, ...Array.from(maps, (map) => map / most)]));
  return argmaxLabels(hostTensor(scores, [height, width, C + 1]));
}
