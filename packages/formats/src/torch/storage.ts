import { FormatError } from '@wsss/core';
import { ELEMENT_TYPES, type ElementType } from '../element-type';

/** What torch calls the storage of each element type. */
const TYPES: Readonly<Record<string, ElementType>> = {
  FloatStorage: ELEMENT_TYPES.float32,
  DoubleStorage: ELEMENT_TYPES.float64,
  HalfStorage: ELEMENT_TYPES.float16,
  BFloat16Storage: ELEMENT_TYPES.bfloat16,
  CharStorage: ELEMENT_TYPES.int8,
  ShortStorage: ELEMENT_TYPES.int16,
  IntStorage: ELEMENT_TYPES.int32,
  LongStorage: ELEMENT_TYPES.int64,
  ByteStorage: ELEMENT_TYPES.uint8,
  BoolStorage: ELEMENT_TYPES.bool,
  // bytes whose type comes with the tensor
  UntypedStorage: ELEMENT_TYPES.uint8,
};

export const STORAGE_NAMES: readonly string[] = Object.keys(TYPES);

export function storageType(name: string): ElementType | undefined {
  return Object.hasOwn(TYPES, name) ? TYPES[name] : undefined;
}

/** Where the bytes of a storage come from. */
export interface StorageBytes {
  readonly byteLength: number;
  /** @throws {FormatError} that names the file, if they are not sound. */
  read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** A run of numbers in a file, which one tensor or several are views of. */
export class Storage {
  #bytes: StorageBytes | undefined;

  constructor(
    readonly file: string,
    readonly type: ElementType,
    /** How many numbers it holds. */
    readonly length: number,
    /** Where it begins in the storage of the file, in numbers: very old files have storages that are views. */
    readonly start = 0,
  ) {}

  place(bytes: StorageBytes): void {
    this.#bytes = bytes;
  }

  async read(offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const from = this.start * this.type.bytes + offset;
    const room = this.#bytes?.byteLength ?? 0;
    if (!this.#bytes || from + length > room) {
      throw new FormatError(this.file, `${length} bytes of a storage at ${from}`, `${room} in all`);
    }
    return this.#bytes.read(from, length);
  }
}
