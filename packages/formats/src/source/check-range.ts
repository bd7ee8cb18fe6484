import { FormatError } from '@wsss/core';

/** Refuses to read outside of a file; before anything is allocated. */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (!(Number.isSafeInteger(offset) && offset >= 0 && Number.isSafeInteger(length) && length >= 0)) {
    throw new FormatError(name, 'offsets and lengths of whole bytes', `${length} bytes at ${offset}`);
  }
  if (offset + length > size) {
    const hint = 'Is the file cut short, or still being written?';
    throw new FormatError(name, `${length} bytes at ${offset}`, `a file of ${size} bytes`, hint);
  }
}
