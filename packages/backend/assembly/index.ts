export { convolve, convolveScratch } from './convolve';
export { depthwise, depthwiseScratch } from './depthwise';
export { depthwiseFilterGradient } from './depthwise-gradient';
export { filterGradient, filterGradientScratch } from './filter-gradient';
export { packColumns, packFinish, packRows } from './pack';
export { flipFilter, transformFilters, winograd, winogradFilters, winogradScratch } from './winograd';
