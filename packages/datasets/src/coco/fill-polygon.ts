/**
 * Marks the pixels whose centres lie inside a polygon, by the even-odd rule.
 *
 * @param inside `[h, w]`, set to 1 there.
 * @param corners x₀, y₀, x₁, y₁ … in pixels, (0, 0) the top left corner of the image.
 */
export function fillPolygon(inside: Uint8Array, height: number, width: number, corners: readonly number[]): void {
  const n = corners.length / 2;
  let [top, bottom] = [height, 0];
  for (let i = 0; i < n; i++) {
    top = Math.min(top, corners[2 * i + 1]!);
    bottom = Math.max(bottom, corners[2 * i + 1]!);
  }
  const first = Math.max(0, Math.ceil(top - 0.5));
  const last = Math.min(height - 1, Math.floor(bottom - 0.5));
  for (let y = first; y <= last; y++) {
    const at = y + 0.5;
    const crossings: number[] = [];
    for (let i = 0; i < n; i++) {
      const j = i + 1 === n ? 0 : i + 1;
      const [x0, y0, x1, y1] = [corners[2 * i]!, corners[2 * i + 1]!, corners[2 * j]!, corners[2 * j + 1]!];
      // Half open, so that a corner on the line counts for one of its edges.
      if (y0 <= at !== y1 <= at) crossings.push(x0 + ((at - y0) / (y1 - y0)) * (x1 - x0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k]! - 0.5));
      const to = Math.min(width - 1, Math.ceil(crossings[k + 1]! - 0.5) - 1);
      if (to >= from) inside.fill(1, y * width + from, y * width + to + 1);
    }
  }
}
