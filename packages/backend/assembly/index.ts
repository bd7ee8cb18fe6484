export { convolve, convolveScratch } from './convolve';
export { depthwise, depthwiseScratch } from './depthwise';
export { depthwiseFilterGradient } from './depthwise-gradient';
export { prelu, sumRows } from './elementwise';
export { filterGradient, filterGradientScratch } from './filter-gradient';
export { maxPoolGradient } from './max-pool-gradient';
export { packColumns, packFinish, packRows } from './pack';
export { flipFilter, transformFilters, winograd, winogradFilters, winogradScratch } from './winograd';
export { winogradGradient, winogradGradientScratch } from './winograd-gradient';
