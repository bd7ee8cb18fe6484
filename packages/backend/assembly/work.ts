import { Convolution, convolvePart } from './convolution';
import { Depthwise, depthwisePart } from './depthwise';
import { depthwiseFilterGradientPart } from './depthwise-gradient';
import { FilterGradient, filterGradientPart } from './filter-gradient';
import { Window } from './window';
import { flipFilterPart, transformFiltersPart, winogradPart } from './winograd';
import { winogradGradientPart } from './winograd-gradient';
import { Winograd } from './winograd-tile';

// What is shared out: see src/simd/job.ts.
const CONVOLVE: u32 = 0;
const FILTER_GRADIENT: u32 = 1;
const WINOGRAD: u32 = 2;
const WINOGRAD_GRADIENT: u32 = 3;
const TRANSFORM_FILTERS: u32 = 4;
const FLIP_FILTER: u32 = 5;
const DEPTHWISE: u32 = 6;
const DEPTHWISE_FILTER_GRADIENT: u32 = 7;

/**
 * Part `part` of `parts` of a job. The parts write to different places, so that they can be computed at the same time
 * and in any order, and each value is computed in the same way whatever their number.
 *
 * @param job What is computed.
 * @param a Where it is described; with `b`, `c`, `d` as each needs.
 * @param scratch Work space that no other part uses meanwhile.
 */
export function work(job: u32, a: usize, b: usize, c: usize, d: usize, part: i32, parts: i32, scratch: usize): void {
  if (job == CONVOLVE) convolvePart(changetype<Window>(a), changetype<Convolution>(b), part, scratch);
  else if (job == FILTER_GRADIENT) filterGradientPart(changetype<Window>(a), changetype<FilterGradient>(b), part, scratch);
  else if (job == WINOGRAD) winogradPart(changetype<Winograd>(a), part, scratch);
  else if (job == WINOGRAD_GRADIENT) winogradGradientPart(changetype<Winograd>(a), b, part, scratch);
  else if (job == TRANSFORM_FILTERS) transformFiltersPart(changetype<Winograd>(a), b, part, parts, scratch);
  else if (job == FLIP_FILTER) flipFilterPart(a, b, <i32>c, <i32>d, part, parts);
  else if (job == DEPTHWISE) depthwisePart(changetype<Window>(a), changetype<Depthwise>(b), part, parts, scratch);
  else if (job == DEPTHWISE_FILTER_GRADIENT) depthwiseFilterGradientPart(changetype<Window>(a), b, c, part, parts);
}
