import type { ByteSource } from './byte-source';
import { checkRange } from './check-range';

export function blobSource(blob: Blob, name = 'name' in blob ? String(blob.name) : 'bytes'): ByteSource {
  return {
    name,
    size: blob.size,
    async read(offset, length, each) {
      checkRange(name, blob.size, offset, length);
      const part = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      each?.(part);
      return part;
    },
  };
}
