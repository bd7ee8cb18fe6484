/** Something that bytes can be read from piece by piece. */
export interface ByteSource {
  /** What messages call it: a path, a URL, or `'bytes'`. */
  readonly name: string;
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on. They may be a view of what the source holds: do not write to them.
   *
   * @param each Called with piece after piece in their order, while the next may already be under way.
   * @throws {FormatError} if they are not all there.
   */
  read(offset: number, length: number, each?: (piece: Uint8Array) => void): Promise<Uint8Array<ArrayBuffer>>;
}

/** What the readers take: bytes, a `Blob` or `File`, a `URL`, or a path (in a browser: an address). */
export type BinaryInput = Uint8Array | ArrayBuffer | Blob | URL | string;

export interface OpenOptions {
  /** What messages call the input. @default its path, address or file name; `'bytes'` where it has none */
  readonly name?: string;
  /** Called while bytes arrive, with how many have come and how many there are, where that is known. */
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  /** Stops a download, and reading. */
  readonly signal?: AbortSignal;
}
