import { argmaxLabels, hostTensor, type TensorLike } from '@wsss/core';
import { ConfusionMatrix, sweepThreshold } from '@wsss/metrics';
import { EXACT, hwc } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

// index.json, kind i: 1e-6 of the largest value. Figures that the sidecar has in double: to their rounding.
const suggested = { rel: 1e-6 };
const doubles = { abs: 1e-12 };

goldenKind('sipe/i', async (run) => {
  const tolerance = run.suggested ?? suggested;
  const classes = run.parameter<number>('K')!;
  // The official scripts cut the rows and columns of 255 off.
  const matrix = new ConfusionMatrix({ classes, ignoredPrediction: 'skip' });
  const images: { maps: TensorLike; classes: number[]; target: TensorLike }[] = [];
  for (let i = 0; i < run.parameter<number>('n_images')!; i++) {
    const maps = hwc(run.input(`cam${i}`));
    // The first key is the background's.
    const [, ...keys] = run.input<Int32Array>(`keys${i}`).values;
    const target = run.input<Uint8Array>(`gt${i}`);
    const prediction = await argmaxLabels(maps, { classes: keys });
    await run.compare(`pred${i}`, prediction, { tolerance: EXACT });
    await matrix.update(prediction, target);
    images.push({ maps: withoutBackground(maps), classes: keys, target });
  }
  await run.compare('confusion', matrix.counts(), { tolerance: EXACT });
  // Stored as −1 where a class is absent.
  const iou = Float64Array.from(matrix.iou(), (value) => value ?? -1);
  await run.compare('iou', hostTensor(iou, [classes]), { tolerance });
  await run.compare('miou', hostTensor(Float64Array.of(matrix.meanIou()), [1]), { tolerance });
  run.compareRecorded('miou_f64', matrix.meanIou(), { tolerance: doubles });

  const scores: Record<string, number> = {
    'Pixel Accuracy': matrix.pixelAccuracy(),
    'Mean Accuracy': matrix.meanClassAccuracy(),
    'Frequency Weighted IoU': matrix.frequencyWeightedIou(),
    'Mean IoU': matrix.meanIou(),
  };
  for (const [name, value] of Object.entries(scores)) {
    const path = `alt_scores_iouutils/${name}`;
    if (run.records(path)) run.compareRecorded(path, value, { tolerance: doubles });
  }

  if (!run.has('threshold_sweep')) return;
  const { values, shape } = run.input('threshold_sweep');
  const thresholds = [...values].filter((_, i) => i % 2 === 0);
  const { curve } = await sweepThreshold(images, { classes, thresholds });
  const rows = curve.flatMap(({ threshold, meanIou }) => [threshold, meanIou]);
  await run.compare('threshold_sweep', hostTensor(Float64Array.from(rows), shape), { tolerance });
});

function withoutBackground({ values, shape }: { values: Float32Array; shape: readonly number[] }) {
  const [h, w, channels] = shape as [number, number, number];
  return hostTensor(
    values.filter((_, i) => i % channels !== 0),
    [h, w, channels - 1],
  );
}
