/** A place for one checkpoint: a folder of the file system, a data base of the browser, a bucket. */
export interface CheckpointStore {
  /** The bytes last written whole; undefined where nothing was. */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Replaces what was written, wholly or not at all: if the chunks end in an error, or the process does, what was there
   * before must still be there. Each chunk is only lent until the next is asked for.
   */
  write(chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** How messages call it. @default 'checkpoint' */
  readonly name?: string;
}
