import { tensor2d } from '@tensorflow/tfjs-core';
import { type HostTensor, hostTensor, type Random } from '@wsss/core';
import { linear, parameter, parameterBuilder, xavierUniform } from '@wsss/core/layers';
import { fit, type History, multilabelSoftMarginLoss, polySgd, progressBar } from '@wsss/train';
import type { Pooled } from './pooled-features';
import { CLASSES, type VocSettings } from './settings';

/**
 * Trains the classifier: one row of weights per class on the pooled features, without bias, so that the same weights
 * make the class activation maps.
 *
 * @returns The weights `[6, F]`.
 */
export async function trainHead(
  { features, labels }: Pooled,
  { seed, epochs, batchSize, learningRate, momentum, weightDecay }: VocSettings,
): Promise<{ weights: HostTensor; history: History }> {
  const [rows, width] = features.shape as [number, number];
  const size = Math.min(batchSize, rows);
  const builder = parameterBuilder({ seed });
  builder.linear('classifier', { in: width, out: CLASSES.length, bias: false, initialiser: xavierUniform() });
  const weight = parameter(builder.parameters, 'classifier.weight');
  const optimizer = polySgd({
    parameters: builder.parameters,
    learningRate,
    momentum,
    weightDecay,
    maxSteps: epochs * Math.ceil(rows / size),
  });
  try {
    const history = await fit({
      optimizer,
      epochs,
      seed,
      data: ({ random }) => batches(rows, size, random),
      size: (batch) => batch.length,
      loss: (batch) =>
        multilabelSoftMarginLoss(
          linear(tensor2d(gather(features, batch), [batch.length, width]), weight),
          tensor2d(gather(labels, batch), [batch.length, CLASSES.length]),
        ),
      onProgress: progressBar({ label: 'classifier' }),
    });
    return { weights: transposed(await weight.data(), width), history };
  } finally {
    optimizer.dispose();
    builder.dispose();
  }
}

/** Row numbers in a random order; the last batch is smaller. */
function batches(rows: number, size: number, random: Random): number[][] {
  const order = random.shuffle([...Array(rows).keys()]);
  return Array.from({ length: Math.ceil(rows / size) }, (_, b) => order.slice(b * size, (b + 1) * size));
}

function gather({ values, shape: [, width] }: HostTensor, rows: readonly number[]): Float32Array {
  const out = new Float32Array(rows.length * width!);
  for (const [i, row] of rows.entries()) out.set(values.subarray(row * width!, (row + 1) * width!), i * width!);
  return out;
}

/** `[F, 6]` to `[6, F]`. */
function transposed(values: ArrayLike<number>, width: number): HostTensor {
  const count = CLASSES.length;
  const out = Float32Array.from(
    { length: values.length },
    (_, i) => values[(i % width) * count + Math.floor(i / width)]!,
  );
  return hostTensor(out, [count, width]);
}
