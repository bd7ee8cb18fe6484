import { addBackground, classActivationMap, fuseCams, multiScaleCam, seeds } from '@wsss/cam';
import { flipHorizontal, type HostTensor, hostTensor, scaledSize } from '@wsss/core';
import { EXACT, hwc, type ReferenceTensor } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// spec/psa, section 17: 1e-5.
const tolerance = { abs: 1e-5 };
// A power of 32 may leave nothing above 1e-5, so that only a relative tolerance says anything.
const ofLargest = { rel: 1e-5 };

goldenKind('psa/e', async (run) => {
  const size = [run.parameter<number>('H')!, run.parameter<number>('W')!] as const;
  const scales = run.parameter<number[]>('scales')!;
  const activation = run.parameter<boolean>('sqrt_after_relu') ? 'sqrtRelu' : 'relu';
  const { values, shape } = run.input('fc8.weight');
  const weights = hostTensor(values, shape.slice(0, 2));
  const classes = [...run.input('label').values].flatMap((present, index) => (present > 0 ? [index + 1] : []));
  // In the order of the official loop: every scale, the mirror image after the plain one.
  const features = run.names(/^feat\.(\d+)$/).map((_, i) => hwc(run.input(`feat.${i}`)));
  const flip = features.length === 2 * scales.length;

  const classifier = {
    tap: 'conv',
    weights,
    activation,
    features: storedFeatures(features, size, scales, flip),
  } as const;
  const image = hostTensor(new Uint8Array(size[0] * size[1] * 3), [...size, 3]);
  const cam = await multiScaleCam(classifier, image, { classes, scales, flip, fusion: 'psa' });
  await run.compare('cam', cam, { tolerance, layout: hwc, via: 'multiScaleCam' });
  if (run.records('facts/cam_max')) run.compareRecorded('facts/cam_max', largest(cam), { tolerance });

  const rows = hostTensor(
    Float32Array.from(classes.flatMap((index) => [...values.subarray((index - 1) * shape[1]!, index * shape[1]!)])),
    [classes.length, shape[1]!],
  );
  // Powers and labels from the stored maps: a rounding of a map would grow in the one, and may turn a tie in the other.
  const stored = hwc(run.input('cam'));
  await onEachBackend(async (backend) => {
    const maps = features.map(async (feature, i) => {
      const map = classActivationMap(feature, rows, { activation });
      return flip && i % 2 === 1 ? flipHorizontal(map) : map;
    });
    const fused = await fuseCams(await Promise.all(maps), { size, fusion: 'psa' });
    await run.compare('cam', fused, { tolerance, layout: hwc, via: `fuseCams, ${backend}` });
    for (const [name, alpha] of run.names(/^bg_alpha(.+)$/)) {
      const scores = addBackground(stored, { alpha: Number(alpha) });
      await run.compare(name, await channel(scores, 0), { tolerance: ofLargest, via: backend });
    }
  });

  for (const [name, threshold] of run.names(/^pred_bg(.+)$/)) {
    const prediction = await seeds(stored, { classes, threshold: Number(threshold) });
    await run.compare(name, prediction, { tolerance: EXACT });
  }
});

/** A backbone that has seen the images before: gives what is stored, if it is asked in the official order and sizes. */
function storedFeatures(
  features: readonly ReferenceTensor<Float32Array>[],
  [height, width]: readonly [number, number],
  scales: readonly number[],
  flip: boolean,
) {
  let calls = 0;
  return (image: { readonly shape: readonly number[] }) => {
    const scale = scales[Math.floor(calls / (flip ? 2 : 1))]!;
    const expected = [scaledSize(height, scale), scaledSize(width, scale), 3];
    if (image.shape.join() !== expected.join())
      throw new Error(`[${image.shape}] for scale ${scale}, not [${expected}]`);
    return { conv: features[calls++]! };
  };
}

function largest({ values, shape }: HostTensor): number[] {
  const channels = shape[2]!;
  return Array.from({ length: channels }, (_, c) =>
    values.reduce((max, value, i) => (i % channels === c ? Math.max(max, value) : max), Number.NEGATIVE_INFINITY),
  );
}

async function channel(maps: { readonly shape: readonly number[]; data(): Promise<ArrayLike<number>> }, index: number) {
  const [h, w, channels] = maps.shape as [number, number, number];
  const values = await maps.data();
  return hostTensor(
    Float32Array.from({ length: h * w }, (_, i) => values[i * channels + index]!),
    [h, w],
  );
}
