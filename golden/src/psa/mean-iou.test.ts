import { hostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { EXACT, type ReferenceTensor, toNumbers } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

// The official scripts count the classes of VOC; the stored matrix ends at the largest label seen.
const CLASSES = 21;
// spec/psa, section 17: counts exact, figures 1e-9; a figure stored in float32 is off by up to 6e-8.
const figures = { abs: 1e-9 };
const singles = { abs: 6e-8 };

goldenKind('psa/h', async (run) => {
  // A prediction of 255 counts as background there.
  const matrix = new ConfusionMatrix({ classes: CLASSES, ignoredPrediction: 'background' });
  await matrix.update(run.input<Uint8Array>('pred'), run.input<Uint8Array>('gt'));
  const iou = matrix.iou();
  const seen = run.input('iou').shape[0]!;

  await run.compare('confusion', matrix.counts(), { tolerance: EXACT, layout: (counts) => padded(counts, 0) });
  const known = Float64Array.from(iou, (value) => value ?? -1);
  const layout = (stored: ReferenceTensor) => padded(stored, -1);
  await run.compare('iou', hostTensor(known, [CLASSES]), { tolerance: singles, layout });

  const expected: Record<string, number | null | (number | null)[]> = {
    miou_nanmean: matrix.meanIou(),
    iou: iou.slice(0, seen),
    pixel_accuracy: matrix.pixelAccuracy(),
    mean_class_accuracy: matrix.meanClassAccuracy(),
    fp_bg: matrix.falsePositiveRate()[0]!,
    fn_bg: matrix.falseNegativeRate()[0]!,
    // SEAM's script counts absent classes as 0.
    seam_iou_21: iou.map((value) => value ?? 0),
    seam_miou_over_21: matrix.meanIou({ absent: 'zero' }),
  };
  for (const [name, value] of Object.entries(expected)) {
    if (run.records(`expected/${name}`)) run.compareRecorded(`expected/${name}`, value, { tolerance: figures });
  }
});

/** Fills up to all classes, NaN with the filling too: in both places a class is absent. */
function padded({ values, shape }: ReferenceTensor, fill: number) {
  const size = shape[0]!;
  const sizes = shape.map(() => CLASSES);
  const full = new Float64Array(sizes.reduce((product, n) => product * n, 1)).fill(fill);
  for (const [i, value] of toNumbers(values).entries()) {
    const place = shape.length === 2 ? Math.floor(i / size) * CLASSES + (i % size) : i;
    full[place] = Number.isNaN(value) ? fill : value;
  }
  return { shape: sizes, values: full };
}
