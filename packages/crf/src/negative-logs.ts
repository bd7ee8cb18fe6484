import { crfModule } from './wasm-module';

/** Values handled at a time. */
const RUN = 65536;

/**
 * −ln clamp(scale · x + shift, low, 1) of every value.
 *
 * @param low At least 1e-30.
 * @returns `undefined` if a value is negative, NaN or infinite.
 */
export function negativeLogs(
  values: ArrayLike<number>,
  scale: number,
  shift: number,
  low: number,
): Float32Array | undefined {
  const result = new Float32Array(values);
  const module = crfModule();
  if (!module) return plain(result, scale, shift, low);
  const run = module.heap.allocate(RUN * 4);
  try {
    for (let from = 0; from < result.length; from += RUN) {
      const part = result.subarray(from, from + RUN);
      const view = module.heap.floats(run, Math.ceil(part.length / 4) * 4);
      view.fill(1, part.length);
      view.set(part);
      if (module.negativeLogs(run, part.length, scale, shift, low) !== 0) return undefined;
      part.set(view.subarray(0, part.length));
    }
  } finally {
    module.heap.free(run);
  }
  return result;
}

function plain(values: Float32Array, scale: number, shift: number, low: number): Float32Array | undefined {
  for (let i = 0; i < values.length; i++) {
    const x = values[i]!;
    if (!(x >= 0 && x < Number.POSITIVE_INFINITY)) return undefined;
    values[i] = -Math.log(Math.min(Math.max(scale * x + shift, low), 1));
  }
  return values;
}
