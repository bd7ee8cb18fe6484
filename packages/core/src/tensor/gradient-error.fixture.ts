import { grads, type Rank, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { random } from '../random';

/**
 * How far the gradient of Σ w · f(xs), with seeded weights w, is from central differences: the largest difference, as a
 * share of the largest entry, for each of the inputs.
 *
 * @param step Of the differences. For linear functions a large one: nothing is lost but the rounding.
 */
export async function gradientError(
  f: (...xs: Tensor[]) => Tensor<Rank>,
  inputs: { values: readonly number[]; shape: readonly number[] }[],
  { step, seed = 1 }: { step: number; seed?: number },
): Promise<number[]> {
  const make = (values: readonly (readonly number[])[]) =>
    inputs.map(({ shape }, i) => tensor(Float32Array.from(values[i]!), [...shape]));
  const start = inputs.map(({ values }) => [...values]);
  const outputShape = tidy(() => f(...make(start)).shape);
  const stream = random(seed);
  const weights = Float32Array.from({ length: outputShape.reduce((a, b) => a * b, 1) }, () => stream.uniform(-1, 1));

  const loss = async (values: readonly (readonly number[])[]) => {
    const output = tidy(() => f(...make(values)));
    const read = await output.data();
    output.dispose();
    return weights.reduce((sum, weight, i) => sum + weight * read[i]!, 0);
  };

  const analytic = tidy(() => grads(f)(make(start), tensor(weights, outputShape)));
  const errors: number[] = [];
  for (const [i, { values }] of inputs.entries()) {
    const gradient = await analytic[i]!.data();
    let difference = 0;
    let largest = 0;
    for (const [j, value] of values.entries()) {
      const moved = start.map((list) => [...list]);
      moved[i]![j] = value + step;
      const up = await loss(moved);
      moved[i]![j] = value - step;
      const numeric = (up - (await loss(moved))) / (2 * step);
      difference = Math.max(difference, Math.abs(numeric - gradient[j]!));
      largest = Math.max(largest, Math.abs(numeric), Math.abs(gradient[j]!));
    }
    errors.push(largest === 0 ? difference : difference / largest);
  }
  for (const gradient of analytic) gradient.dispose();
  return errors;
}

/** Seeded values, for inputs. */
export function normals(shape: readonly number[], seed = 1): { values: number[]; shape: readonly number[] } {
  const stream = random(seed);
  return { values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal()), shape };
}
