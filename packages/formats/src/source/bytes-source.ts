import type { ByteSource } from './byte-source';
import { checkRange } from './check-range';

export function bytesSource(bytes: Uint8Array<ArrayBuffer>, name = 'bytes'): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}
