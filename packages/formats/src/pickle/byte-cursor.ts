import { FormatError } from '@wsss/core';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Thrown where bytes end in the middle of a pickle; with more of the file it may go on. */
export class EndOfBytes extends Error {}

/** Reads numbers and strings one after the other, and never beyond the end. */
export class ByteCursor {
  readonly #view: DataView;

  constructor(
    readonly file: string,
    readonly bytes: Uint8Array<ArrayBuffer>,
    public at = 0,
  ) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #take(length: number): number {
    const { at } = this;
    if (length > this.bytes.length - at) throw new EndOfBytes();
    this.at += length;
    return at;
  }

  uint8(): number {
    return this.bytes[this.#take(1)]!;
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4), true);
  }

  /** A length of 64 bits; one beyond what numbers hold is beyond every file too. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#take(8), true));
  }

  /** As Python writes it: the high byte first. */
  float64(): number {
    return this.#view.getFloat64(this.#take(8));
  }

  /** A view, not a copy. */
  raw(length: number): Uint8Array<ArrayBuffer> {
    const start = this.#take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    try {
      return utf8.decode(this.raw(length));
    } catch (error) {
      if (error instanceof EndOfBytes) throw error;
      throw new FormatError(this.file, 'text in UTF-8', `other bytes at ${this.at - length}`);
    }
  }

  /** Bytes as characters 0 to 255: how text of Python 2, and bytes in text, are kept. */
  latin1(length: number): string {
    return latin1(this.raw(length));
  }

  /** Up to the end of the line, which is not part of it. */
  line(): string {
    const end = this.bytes.indexOf(10, this.at);
    if (end < 0) throw new EndOfBytes();
    const text = this.latin1(end - this.at);
    this.at++;
    return text;
  }
}

export function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return text;
}

/** The inverse of {@link latin1}; `undefined` if a character is beyond it. */
export function latin1Bytes(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 255) return undefined;
    bytes[i] = code;
  }
  return bytes;
}
