import { type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core';
import type { TensorInput } from '@wsss/core/tensor';
import { backgroundCam } from './background-cam';
import { checkBatch } from './check-batch';
import { imageSpecificCam } from './image-specific-cam';
import { prototypes } from './prototypes';
import { structureSeeds, type TensorStructureSeedsOptions } from './structure-seeds';

/** What image-specific prototypes are explored in; all of one size, single or batched. */
export interface ExploredTensors {
  /** Class maps before their ReLU, `[n, h, w, C]`. */
  readonly maps: TensorInput;
  /** What says which cells look alike, `[n, h, w, F]`. */
  readonly structure: TensorInput;
  /** What prototypes are made of, `[n, h, w, F′]`. */
  readonly prototype: TensorInput;
}

/** Every step of the exploration. */
export interface Exploration<T = Tensor> {
  /** `backgroundCam` of the maps, `[n, h, w, K]`. */
  readonly cam: T;
  /** `structureSeeds`, `[n, h, w]`. */
  readonly seeds: T;
  readonly iou: T;
  /** `[n, K, F′]`. */
  readonly prototypes: T;
  /** `imageSpecificCam`, `[n, h, w, K]`. */
  readonly isCam: T;
}

/**
 * Image-specific prototype exploration as in training: activations with a background, structure seeds, prototypes and
 * image-specific maps, each from the one before.
 *
 * The gradient flows to `maps` through `cam`, and to `prototype` through `isCam`; none to `structure`.
 *
 * @param options As for `structureSeeds`; `mask` is also multiplied into the activations.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if an option is out of range.
 *
 * Source: Chen et al., SIPE (CVPR 2022), figure 2; the released code's class `Net`.
 */
export function explorePrototypes(
  { maps, structure, prototype }: ExploredTensors,
  options: TensorStructureSeedsOptions = {},
): Exploration {
  checkBatch('explorePrototypes', 'maps', maps?.shape);
  return tidy(() => {
    const { mask } = options;
    const cam = backgroundCam(maps, mask ? { mask } : {}) as Tensor;
    const { seeds, iou } = structureSeeds(structure, cam, options);
    const own = prototypes(prototype, seeds, { classes: cam.shape.at(-1)! });
    return { cam, seeds, iou, prototypes: own, isCam: imageSpecificCam(prototype as Tensor4D, own) };
  });
}
