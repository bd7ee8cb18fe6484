/**
 * Where windows begin along a side: evenly, the first at its beginning and the last at its end, each overlapping the next
 * by at least so much of itself.
 *
 * @param size Of the window, at most the side.
 */
export function windowOffsets(side: number, size: number, overlap: number): number[] {
  const stride = Math.max(1, Math.floor(size * (1 - overlap)));
  const count = Math.ceil((side - size) / stride) + 1;
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * (side - size)) / (count - 1))));
}
