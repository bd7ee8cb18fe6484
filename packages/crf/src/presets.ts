import type { Compatibility } from './compatibility';

/** Where scores or labels come from, and the pairwise terms, of a published program. */
export interface CrfPreset {
  readonly iterations: number;
  readonly gaussian?: { readonly sdims: number | readonly number[]; readonly compat: Compatibility };
  readonly bilateral?: {
    readonly sdims: number | readonly number[];
    readonly schan: number | readonly number[];
    readonly compat: Compatibility;
  };
  /**
   * What `pseudoLabel` of `@wsss/pipeline` starts from: the scores, or the label map of the highest scores. The
   * functions here ask nobody: `crf` takes scores, `crfFromLabels` labels.
   * @default 'scores'
   */
  readonly from?: 'scores' | 'labels';
  /** Lower bound of the scores before the logarithm; `null` for none. @default 1e-5 */
  readonly clip?: number | null;
  /** How sure hard labels are, for {@link crfFromLabels}. @default 0.7 */
  readonly gtProb?: number;
  /** Divides the spatial deviations, for images shrunk by this factor. @default 1 */
  readonly scaleFactor?: number;
  /** @default 'pydensecrf': the presets reproduce its numbers. */
  readonly compatibility?: 'pydensecrf';
}

/** PSA and SEAM, `crf_inference`: run twice per photo, on a low and a high exponent of the background. */
export const PSA_CRF = {
  iterations: 10,
  gaussian: { sdims: 3, compat: 3 },
  bilateral: { sdims: 80, schan: 13, compat: 10 },
  clip: 1e-5,
  gtProb: 0.7,
  compatibility: 'pydensecrf',
} as const satisfies CrfPreset;

/** IRN, SIPE and AdvCAM, `crf_inference_label`: from hard labels of which 0 is a class. */
export const IRN_CRF = {
  iterations: 10,
  gaussian: { sdims: 3, compat: 3 },
  bilateral: { sdims: 50, schan: 5, compat: 10 },
  from: 'labels',
  clip: 1e-5,
  gtProb: 0.7,
  compatibility: 'pydensecrf',
} as const satisfies CrfPreset;

/** DeepLab v2 in PyTorch (VOC and COCO-Stuff) and CLIP-ES: after a segmentation network, on all classes. */
export const DEEPLAB_CRF = {
  iterations: 10,
  gaussian: { sdims: 1, compat: 3 },
  bilateral: { sdims: 67, schan: 3, compat: 4 },
  clip: 1e-5,
  gtProb: 0.7,
  compatibility: 'pydensecrf',
} as const satisfies CrfPreset;
