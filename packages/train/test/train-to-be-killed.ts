// A small training run in a process of its own, which the tests of `fit` kill and start again.
// usage: train-to-be-killed.ts FOLDER EPOCHS PAUSE [HOLD]
// PAUSE: milliseconds that loading takes. HOLD: a step after which it waits to be killed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { conv2d, mean, mul, relu, type Tensor4D, tensor, tidy, type Variable, variable } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, IMAGENET_PREPROCESS, type Random, random } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import { augment, batches, ema, fit, multilabelSoftMarginLoss, polySgd } from '../src/index';

const [folder = '.', epochs = '3', pause = '0', hold = 'Infinity'] = process.argv.slice(2);
await useBackend('wasm');

const stream = random(7);
const normal = (shape: number[], deviation: number) => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tidy(() =>
    variable(
      tensor(
        Float32Array.from({ length: size }, () => deviation * stream.normal()),
        shape,
      ),
    ),
  );
};
const parameters = new Map<string, Variable>([
  ['conv1.weight', normal([3, 3, 3, 6], 0.3)],
  ['conv2.weight', normal([3, 3, 6, 8], 0.3)],
  ['fc.weight', normal([1, 1, 8, 2], 0.3)],
]);
const weight = (name: string) => parameters.get(name) as unknown as Tensor4D;

// Photos of noise whose two labels are whether they are red and whether they are blue.
const items = Array.from({ length: 22 }, (_, i) => {
  const draw = random(i);
  const labels = [i % 2, (i >> 1) % 2];
  const bytes = Uint8Array.from({ length: 24 * 20 * 3 }, (_, k) =>
    draw.integer(0, labels[0] && k % 3 === 0 ? 255 : labels[1] && k % 3 === 2 ? 255 : 120),
  );
  return { image: hostTensor(bytes, [24, 20, 3]), labels };
});

// A stream that lives outside of `fit`, as dropout inside a network may have it.
let own = random(99);
let step = 0;

const data = batches({
  items,
  size: 4,
  load: async ({ image, labels }: (typeof items)[number], random: Random) => {
    if (step >= Number(hold)) await new Promise(() => setInterval(() => {}, 1000));
    if (Number(pause) > 0) await new Promise((resolve) => setTimeout(resolve, Number(pause)));
    const settings = { longSide: [16, 24], flip: 0.5, jitter: { hue: 0.05, contrast: 0.2 }, crop: 16 } as const;
    return { ...(await augment({ image }, settings, { random, preprocess: IMAGENET_PREPROCESS })), labels };
  },
  collate: (examples) => ({
    images: hostTensor(Float32Array.from(examples.flatMap(({ image }) => [...image.values])), [
      examples.length,
      16,
      16,
      3,
    ]),
    labels: hostTensor(Uint8Array.from(examples.flatMap(({ labels }) => labels)), [examples.length, 2]),
  }),
});

const average = ema(parameters, 0.9);
const optimizer = polySgd({ parameters, learningRate: 0.05, maxSteps: 40, weightDecay: 1e-3 });
const history = await fit({
  data,
  loss: ({ images, labels }, { random }) => {
    const x = asTensor(images) as Tensor4D;
    const y = relu(conv2d(x, weight('conv1.weight'), 2, 'same'));
    const z = relu(
      conv2d(mul(y, 0.5 + own.next() + random.next()) as Tensor4D, weight('conv2.weight'), 1, 'same', 'NHWC', 2),
    );
    return {
      classification: multilabelSoftMarginLoss(mean(conv2d(z, weight('fc.weight'), 1, 'valid'), [1, 2]), labels),
    };
  },
  optimizer,
  epochs: Number(epochs),
  seed: 3,
  clip: 1,
  accumulate: 2,
  ema: average,
  checkpoint: { directory: folder, every: 1 },
  state: {
    save: () => own.state(),
    load: (saved) => {
      own = random(saved as ReturnType<Random['state']>);
    },
  },
  evaluate: ({ step }) => ({ step }),
  onProgress: (progress) => {
    step = progress.step;
    process.stdout.write(`step ${step}\n`);
  },
});
const final: Record<string, string> = { history: JSON.stringify(history) };
for (const [name, value] of [...parameters, ...average.values]) {
  const values = await value.data();
  final[`${name}${name in final ? ' average' : ''}`] = Buffer.from(
    values.buffer,
    values.byteOffset,
    values.byteLength,
  ).toString('base64');
}
writeFileSync(join(folder, 'final.json'), JSON.stringify(final));
