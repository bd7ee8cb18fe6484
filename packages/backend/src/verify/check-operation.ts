import { dispose, grads, memory, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { type Expected, numericGradient } from './numeric-gradient';
import type { OperationCase } from './operation-case';

/** How one operation did on the current backend. */
export interface OperationResult {
  readonly operation: string;
  readonly setting: string;
  /** Largest difference of the output from the reference, relative to its largest value. */
  readonly forward: number;
  /** The same of the gradient of each input. */
  readonly gradients: readonly number[];
  /** Tensors that the computation left behind. */
  readonly leaked: number;
  /** What was thrown instead of a result. */
  readonly error?: Error;
}

const cache = new WeakMap<OperationCase, Expected>();

/** The reference of a case, computed once. */
function expected(operation: OperationCase): Expected {
  const known = cache.get(operation) ?? numericGradient(operation.reference, operation.inputs);
  cache.set(operation, known);
  return known;
}

/** Runs a case on the current backend and compares it with its reference in doubles. */
export async function checkOperation(operation: OperationCase): Promise<OperationResult> {
  const { operation: name, setting, inputs } = operation;
  const { output, outputGradient, gradients } = expected(operation);
  const before = memory().numTensors;
  const made: Tensor[] = [];
  const keep = <T extends Tensor>(tensors: T[]): T[] => {
    made.push(...tensors);
    return tensors;
  };
  let forward = Number.POSITIVE_INFINITY;
  try {
    const xs = keep(inputs.map(({ shape, values }) => tensor(Float32Array.from(values), [...shape], 'float32')));
    const [y] = keep([tidy(() => operation.run(...xs))]);
    forward = difference(await y!.data(), output.values, shapeError(y!, output.shape));
    const [dy] = keep([tensor(outputGradient, [...output.shape])]);
    const dxs = keep(grads((...tensors) => operation.run(...tensors))(xs, dy));
    const differences = await Promise.all(
      dxs.map(async (dx, i) => {
        const values = await dx.data();
        const { places, values: wanted } = gradients[i]!;
        const picked = Float64Array.from(places, (place) => values[place]!);
        return difference(picked, wanted, shapeError(dx, inputs[i]!.shape));
      }),
    );
    dispose(made.splice(0));
    return { operation: name, setting, forward, gradients: differences, leaked: memory().numTensors - before };
  } catch (error) {
    return { operation: name, setting, forward, gradients: [], leaked: 0, error: error as Error };
  } finally {
    dispose(made);
  }
}

function shapeError({ shape }: Tensor, wanted: readonly number[]): boolean {
  return shape.join() !== wanted.join();
}

function difference(values: ArrayLike<number>, wanted: ArrayLike<number>, wrongShape: boolean): number {
  if (wrongShape || values.length !== wanted.length) return Number.POSITIVE_INFINITY;
  let [largest, scale] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const off = Math.abs(values[i]! - wanted[i]!);
    if (Number.isNaN(off)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, off);
    scale = Math.max(scale, Math.abs(wanted[i]!));
  }
  return scale > 0 ? largest / scale : largest;
}
