/** Whether no value is NaN or infinite. */
export function allFinite(values: Float32Array): boolean {
  // 0 · x is 0, or NaN for what is not finite.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += 0 * values[i]!;
  return sum === 0;
}
