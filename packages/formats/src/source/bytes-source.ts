import type { ByteSource } from './byte-source';
import { checkRange } from './check-range';

export function bytesSource(bytes: Uint8Array<ArrayBuffer>, name = 'bytes'): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length, each) {
      checkRange(name, bytes.length, offset, length);
      const part = bytes.subarray(offset, offset + length);
      each?.(part);
      return part;
    },
  };
}
