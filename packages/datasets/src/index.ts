export { type DecodeImageOptions, decodeImage } from './image/decode-image';
export { decodeIndexedPng, type IndexedImage } from './image/decode-indexed-png';
export { encodeIndexedPng } from './image/encode-indexed-png';
export { encodePng } from './image/encode-png';
export { readImage } from './image/read-image';
export { readMask } from './image/read-mask';
export { writeMask } from './image/write-mask';
