export { readBytes } from './read-bytes';
export { readStateDict, type StateDict } from './read-state-dict';
export { type WriteSafetensorsOptions, writeSafetensors } from './safetensors/write-safetensors';
export { saveBytes } from './save-bytes';
export type { BinaryInput, OpenOptions } from './source/byte-source';
export { crc32 } from './zlib/crc32';
export { deflate } from './zlib/deflate';
export { type DeflateFormat, type InflateOptions, inflate } from './zlib/inflate';
