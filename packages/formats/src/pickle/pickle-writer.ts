/** Writes the few instructions of a pickle (protocol 2) that a dictionary of tensors needs. */
export class PickleWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  constructor() {
    this.#put(0x80, 2);
  }

  mark(): this {
    return this.#put(0x28);
  }

  /** A tuple of all since the mark. */
  tuple(): this {
    return this.#put(0x74);
  }

  emptyTuple(): this {
    return this.#put(0x29);
  }

  /** The pairs since the mark become entries of the dictionary before it. */
  setItems(): this {
    return this.#put(0x75);
  }

  /** Calls the function below the tuple on top. */
  reduce(): this {
    return this.#put(0x52);
  }

  persistent(): this {
    return this.#put(0x51);
  }

  false(): this {
    return this.#put(0x89);
  }

  global(module: string, name: string): this {
    return this.#put(0x63).#raw(new TextEncoder().encode(`${module}\n${name}\n`));
  }

  text(value: string): this {
    const bytes = new TextEncoder().encode(value);
    return this.#put(0x58, bytes.length, bytes.length >> 8, bytes.length >> 16, bytes.length >>> 24).#raw(bytes);
  }

  /** A whole number from 0 to 2^53. */
  integer(value: number): this {
    if (value < 256) return this.#put(0x4b, value);
    if (value < 65536) return this.#put(0x4d, value, value >> 8);
    if (value < 2 ** 31) return this.#put(0x4a, value, value >> 8, value >> 16, value >> 24);
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(value), true);
    return this.#put(0x8a, 8).#raw(bytes);
  }

  integers(values: readonly number[]): this {
    this.mark();
    for (const value of values) this.integer(value);
    return this.tuple();
  }

  /** Ends the pickle. */
  finish(): Uint8Array<ArrayBuffer> {
    this.#put(0x2e);
    return this.#bytes.slice(0, this.#length);
  }

  #put(...bytes: number[]): this {
    return this.#raw(Uint8Array.from(bytes));
  }

  #raw(bytes: Uint8Array): this {
    const length = this.#length + bytes.length;
    if (length > this.#bytes.length) {
      const longer = new Uint8Array(Math.max(length, this.#bytes.length * 2));
      longer.set(this.#bytes);
      this.#bytes = longer;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = length;
    return this;
  }
}
