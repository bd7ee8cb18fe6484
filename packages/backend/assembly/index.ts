export { convolve, convolveScratch } from './convolve';
export { filterGradient, filterGradientScratch } from './filter-gradient';
export { packColumns, packFinish, packRows } from './pack';
