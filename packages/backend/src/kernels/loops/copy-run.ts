type Numbers = Float32Array | Int32Array | Uint8Array;

/** Below this length a loop copies faster than `set`, which costs a view. */
const SHORT = 24;

/** Copies values that lie side by side. */
export function copyRun(out: Numbers, to: number, source: Numbers, from: number, length: number): void {
  if (length < SHORT) for (let i = 0; i < length; i++) out[to + i] = source[from + i]!;
  else out.set(source.subarray(from, from + length), to);
}
