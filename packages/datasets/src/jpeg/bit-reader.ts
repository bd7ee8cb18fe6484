import type { HuffmanTable } from './huffman-table';
import { LOOK_AHEAD } from './huffman-table';

/**
 * The bits of entropy-coded data. Behind their end (a marker, or the end of the file) it goes on with zeros and keeps
 * count of them: {@link overrun} then tells that more was asked for than there is.
 */
export class BitReader {
  position: number;
  #bits = 0;
  #count = 0;
  #invented = 0;

  constructor(
    readonly bytes: Uint8Array,
    start: number,
  ) {
    this.position = start;
  }

  /** Whether bits were used that the data does not have. */
  get overrun(): boolean {
    return this.#invented > this.#count;
  }

  /** The next symbol of a Huffman code; −1 where no code fits. */
  symbol(table: HuffmanTable): number {
    if (this.#count < 16) this.#fill();
    const entry = table.look[(this.#bits >>> (this.#count - LOOK_AHEAD)) & ((1 << LOOK_AHEAD) - 1)]!;
    if (entry !== 0) {
      this.#count -= entry >> 8;
      return entry & 255;
    }
    for (let length = LOOK_AHEAD + 1; length <= 16; length++) {
      const code = (this.#bits >>> (this.#count - length)) & ((1 << length) - 1);
      if (code <= table.largest[length]!) {
        this.#count -= length;
        return table.symbols[code + table.offset[length]!]!;
      }
    }
    return -1;
  }

  /** The next 0 to 16 bits. */
  bits(n: number): number {
    if (n === 0) return 0;
    if (this.#count < n) this.#fill();
    this.#count -= n;
    return (this.#bits >>> this.#count) & ((1 << n) - 1);
  }

  /** A number of 0 to 16 bits; where the first of them is 0, it is a negative one (T.81, F.2.2.1). */
  signed(n: number): number {
    if (n === 0) return 0;
    const value = this.bits(n);
    return value < 1 << (n - 1) ? value - (1 << n) + 1 : value;
  }

  /** Drops the bits left over, and the zeros that were invented. */
  align(): void {
    this.#count = 0;
    this.#invented = 0;
  }

  #fill(): void {
    const { bytes } = this;
    while (this.#count <= 24) {
      let byte: number | undefined = bytes[this.position];
      if (byte === 0xff) {
        // A zero follows every 255 of the data; anything else makes it a marker.
        if (bytes[this.position + 1] === 0) this.position += 2;
        else byte = undefined;
      } else if (byte !== undefined) this.position++;
      if (byte === undefined) this.#invented += 8;
      this.#bits = (this.#bits << 8) | (byte ?? 0);
      this.#count += 8;
    }
  }
}
