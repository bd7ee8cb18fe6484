/** Codes up to this length are looked up at once. */
export const LOOK_AHEAD = 9;

export interface HuffmanTable {
  /** The next {@link LOOK_AHEAD} bits → length × 256 + symbol; 0 for longer codes. */
  readonly look: Uint16Array;
  /** Length → the largest code of it; −1 where there is none. */
  readonly largest: Int32Array;
  /** Length → what to add to a code to find its symbol. */
  readonly offset: Int32Array;
  readonly symbols: Uint8Array;
}

/**
 * The canonical code with `counts[i]` codes of `i + 1` bits (T.81, annex C).
 *
 * @returns `undefined` if there are more codes than bits allow, or other than the counts say.
 */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable | undefined {
  const look = new Uint16Array(1 << LOOK_AHEAD);
  const largest = new Int32Array(17).fill(-1);
  const offset = new Int32Array(17);
  let code = 0;
  let used = 0;
  for (let length = 1; length <= 16; length++) {
    const count = counts[length - 1]!;
    if (code + count > 1 << length || used + count > symbols.length) return undefined;
    offset[length] = used - code;
    for (let i = 0; i < count; i++, code++, used++) {
      if (length > LOOK_AHEAD) continue;
      const rest = LOOK_AHEAD - length;
      look.fill((length << 8) | symbols[used]!, code << rest, (code + 1) << rest);
    }
    if (count > 0) largest[length] = code - 1;
    code <<= 1;
  }
  return used === symbols.length ? { look, largest, offset, symbols } : undefined;
}
