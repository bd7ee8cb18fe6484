import { crfModule } from './wasm-module';

/** Values that a thread handles at a time: they stay in its cache. */
const RUN = 65536;

/**
 * −ln clamp(scale · x + shift, low, 1) of every value.
 *
 * @param low At least 1e-30.
 * @param threads At most so many.
 * @returns `undefined` if a value is negative, NaN or infinite.
 */
export function negativeLogs(
  values: ArrayLike<number>,
  scale: number,
  shift: number,
  low: number,
  threads?: number,
): Float32Array | undefined {
  const module = crfModule();
  if (!module) return plain(new Float32Array(values), scale, shift, low);
  const source = values instanceof Float32Array ? values : new Float32Array(values);
  const result = new Float32Array(source.length);
  const count = module.threadsFor(source.length, threads);
  const size = RUN * count;
  const run = module.heap.allocate(size * 4);
  try {
    for (let from = 0; from < result.length; from += size) {
      const part = source.subarray(from, from + size);
      const view = module.heap.floats(run, Math.ceil(part.length / 4) * 4);
      view.fill(1, part.length);
      view.set(part);
      if (module.logsAll(count, run, part.length, scale, shift, low) !== 0) return undefined;
      result.set(view.subarray(0, part.length), from);
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
