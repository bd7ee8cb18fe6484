export { blur, blurOne, slice, sliceOne, splat, splatOne } from './filter';
export { locate } from './locate';
export { pass } from './mean-field';
export { findNeighbours, rehash } from './table';
