export { type Comparison, compare, EXACT, type Tolerance } from './compare';
export {
  fnv1a,
  psaFormulaImage,
  psaFormulaWeight,
  sipeFormulaWeight,
  sipeUniform,
} from './formula-weights';
export { GOLDEN_FOLDERS, type GoldenCase, listGoldenCases } from './golden-case';
export {
  type CompareOptions,
  type GoldenOutcome,
  type GoldenRow,
  GoldenRun,
  type Recorded,
  type RecordedGroup,
  type Result,
} from './golden-run';
export { hwc, hwio, item, nhwc, permute, reshape } from './layout';
export { type ReadmeExample, readmeExamples, runReadmeExample } from './readme-examples';
export { type ReferenceArray, type ReferenceTensor, referenceTensor, toNumbers } from './reference-tensor';
export { readReferenceTensors } from './safetensors';
export { leavesOf, readPath } from './sidecar';
export { writeReferenceTensors } from './write-safetensors';
