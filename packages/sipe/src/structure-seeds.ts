import { type HostTensor, hostTensor, IGNORE, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { finiteFloats, hostMap, mapSizes } from './check-map';
import { chooseEngine, type EngineName } from './choose-engine';
import { chooseSeeds } from './kernels/choose-seeds';
import { checkOverlap, type OverlapOptions, takingPart } from './seed-options';

export interface StructureSeedsOptions extends OverlapOptions {
  /**
   * `[h, w, K]`: a cell whose winning channel is 0 there seeds nothing. Acts after the argmax, as in the released code.
   */
  readonly mask?: TensorLike;
  /** The classes that take part in the argmax, as indices from 1; the background always does. @default all */
  readonly classes?: readonly number[];
  /** @default WebAssembly where it runs */
  readonly engine?: EngineName;
}

/**
 * Where each class's image-specific prototype is taken from: each cell goes to the channel whose activations overlap
 * best with the cells that look like it.
 *
 * With S the structure map and M the activations, iou_ki = I / (Σ_j S_ij + Σ_j M_kj − I), where I is Σ_j S_ij · M_kj
 * (`'product'`) or Σ_j min(S_ij, M_kj) (`'minimum'`); that of the background is multiplied by its factor. The first of
 * equal channels wins. Neither S nor a product with it is ever held.
 *
 * @param features Of cells that are to be compared, `[h, w, F]`.
 * @param cam Activations in [0, 1], background first, `[h, w, K]`, K at most 255.
 * @returns `seeds` `[h, w]`, the channel's number or 255 for none; `iou` `[h, w, K]`, with the factor.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if a value is NaN or infinite, an activation negative, or an option out of range.
 * @throws {BackendError} if WebAssembly is asked for and does not run.
 *
 * Source: Chen et al., SIPE (CVPR 2022), structure-aware seed locating; the product is the released code's.
 */
export async function structureSeeds(
  features: TensorLike,
  cam: TensorLike,
  options: StructureSeedsOptions = {},
): Promise<{ seeds: HostTensor<Uint8Array>; iou: HostTensor }> {
  const where = 'structureSeeds';
  const { overlap, backgroundFactor } = checkOverlap(where, options);
  const engine = chooseEngine(where, options.engine);
  const { h, w } = mapSizes(where, 'features', features, 'F');
  const { C: K } = mapSizes(where, 'cam', cam, 'K', { h, w });
  if (K > IGNORE) throw new ShapeError(where, 'cam', `to have at most ${IGNORE} channels`, cam.shape);
  const { mask } = options;
  if (mask) mapSizes(where, 'mask', mask, 'K', { h, w, K });
  const part = takingPart(where, options.classes, K);
  const { values } = await hostMap(where, 'features', features, 'F');
  const activations = await activationValues(where, cam);
  const iou = await engine.structureIou(values, activations, K, { overlap, backgroundFactor });
  const seeds = chooseSeeds(iou, part, mask && (await finiteFloats(where, 'mask', mask)), IGNORE);
  return { seeds: hostTensor(seeds, [h, w]), iou: hostTensor(iou, [h, w, K]) };
}

async function activationValues(where: string, cam: TensorLike): Promise<Float32Array> {
  const values = await finiteFloats(where, 'cam', cam);
  const at = values.findIndex((value) => value < 0);
  if (at >= 0) {
    const hint = 'Activations are at least 0: backgroundCam makes them of class maps.';
    throw new ValueError(where, 'cam', 'not to be negative', `${values[at]} at ${at}`, hint);
  }
  return values;
}
