export { blur, blurOne, slice, sliceOne, splat, splatOne } from './filter';
export { locate } from './locate';
export { adopt, renumber } from './merge';
export { clear, pass } from './mean-field';
export { pixelFeatures } from './pixels';
export { negateRows, negativeLogs, ones, packRows, reciprocals, sigmoidRows, subtractRows, zero } from './rows';
export { empty, findNeighbours, rehash } from './table';
