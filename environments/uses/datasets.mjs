import { hostTensor } from '@wsss/core';
import { decodeIndexedPng, encodeIndexedPng } from '@wsss/datasets';

const png = await encodeIndexedPng(hostTensor(Uint8Array.of(0, 8, 15, 255), [2, 2]));
const { values, shape, palette } = await decodeIndexedPng(png);
console.log(shape, values, palette?.length);
// [ 2, 2 ] Uint8Array(4) [ 0, 8, 15, 255 ] 768
