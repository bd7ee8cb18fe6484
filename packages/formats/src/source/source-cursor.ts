import { FormatError } from '@wsss/core';
import type { ByteSource } from './byte-source';

/** How much is read at once: small fields lie close together. */
const PIECE = 4096;

/** Reads small fields of a file one after the other. */
export class SourceCursor {
  #piece = new Uint8Array(0);
  #pieceStart = 0;

  constructor(
    readonly source: ByteSource,
    public at = 0,
  ) {}

  async raw(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const inside = this.at >= this.#pieceStart && this.at + length <= this.#pieceStart + this.#piece.length;
    if (!inside) {
      const { size } = this.source;
      this.#piece = await this.source.read(this.at, Math.max(length, Math.min(PIECE, size - this.at)));
      this.#pieceStart = this.at;
    }
    const start = this.at - this.#pieceStart;
    this.at += length;
    return this.#piece.subarray(start, start + length);
  }

  /** Goes on behind so many bytes, which must be there. */
  skip(length: number): void {
    if (length > this.source.size - this.at) {
      const got = `${this.source.size - this.at}`;
      throw new FormatError(this.source.name, `${length} bytes at ${this.at}`, got, 'Is the file cut short?');
    }
    this.at += length;
  }

  async uint32(): Promise<number> {
    const bytes = await this.raw(4);
    return new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  }

  /** 64 bits, as a number; one beyond what numbers hold is beyond every file too. */
  async uint64(): Promise<number> {
    const bytes = await this.raw(8);
    return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  }

  damaged(expected: string, got: string): FormatError {
    return new FormatError(this.source.name, expected, got, 'The file is damaged.');
  }
}
