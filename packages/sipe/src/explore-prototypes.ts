import { type HostTensor, hostTensor, type TensorLike, ValueError } from '@wsss/core';
import { backgroundCam } from './background-cam';
import { hostMap, mapSizes } from './check-map';
import type { EngineName } from './choose-engine';
import { imageSpecificCam } from './image-specific-cam';
import type { ImageView } from './image-view';
import { pickChannels } from './kernels/pick-channels';
import { prototypes } from './prototypes';
import { type OverlapOptions, takingPart } from './seed-options';
import { structureSeeds } from './structure-seeds';

/** What `explorePrototypes` takes besides the view. */
export interface ExploreOptions extends OverlapOptions {
  /** The classes of the image, as indices from 1. */
  readonly classes: readonly number[];
  /**
   * Classes that the image does not show are left out from the start; or they `'compete'`, as in the released code: their
   * maps lower the background's activation, and cells that they win seed nothing.
   * @default 'exclude'
   */
  readonly absent?: 'exclude' | 'compete';
  /** @default WebAssembly where it runs */
  readonly engine?: EngineName;
}

/** Every step of an exploration. Channels are the background and `classes`, or all classes where absent ones compete. */
export interface HostExploration {
  /** Activations, `[h, w, K]`. */
  readonly cam: HostTensor;
  /** Channels of the cells that prototypes are made of, 255 for none, `[h, w]`. */
  readonly seeds: HostTensor<Uint8Array>;
  /** Overlap of structure and activations, `[h, w, K]`. */
  readonly iou: HostTensor;
  /** `[K, F]`. */
  readonly prototypes: HostTensor;
  /** The background's map and that of each of `classes`, in their order, `[h, w, classes.length + 1]`. */
  readonly isCam: HostTensor;
}

/**
 * Image-specific prototype exploration as in inference: activations with a background, structure seeds, prototypes and
 * image-specific maps, each from the one before.
 *
 * @param view What is seen in the image; `addMirrored` adds what is seen in its mirror image.
 * @throws {ShapeError} if shapes disagree.
 * @throws {ValueError} if there is no class, a class has no map, a value is NaN or infinite, or an option out of range.
 *
 * Source: Chen et al., SIPE (CVPR 2022), figure 2; the released code's class `CAM`.
 */
export async function explorePrototypes(view: ImageView, options: ExploreOptions): Promise<HostExploration> {
  const where = 'explorePrototypes';
  const { classes, absent = 'exclude', backgroundFactor, overlap, engine } = options;
  const { h, w, C } = mapSizes(where, 'view.maps', view.maps, 'C');
  mapSizes(where, 'view.structure', view.structure, 'F', { h, w });
  mapSizes(where, 'view.prototype', view.prototype, 'F', { h, w });
  checkClasses(where, classes, C);
  if (absent !== 'exclude' && absent !== 'compete') {
    throw new ValueError(where, 'absent', "to be 'exclude' or 'compete'", absent);
  }
  const maps = await activated(where, view);
  const all = absent === 'compete';
  const chosen = all
    ? maps
    : hostTensor(
        pickChannels(
          maps.values,
          C,
          classes.map((c) => c - 1),
        ),
        [h, w, classes.length],
      );
  const cam = await backgroundCam(chosen);
  const K = cam.shape[2]!;
  const mask = all ? classMask(takingPart(where, classes, K), h, w) : undefined;
  const { seeds, iou } = await structureSeeds(view.structure, cam, {
    backgroundFactor,
    overlap,
    engine,
    ...(mask && { mask }),
  });
  const own = await prototypes(view.prototype, seeds, { classes: K });
  const every = await imageSpecificCam(view.prototype, own, { engine });
  const isCam = all ? hostTensor(pickChannels(every.values, K, [0, ...classes]), [h, w, classes.length + 1]) : every;
  return { cam, seeds, iou, prototypes: own, isCam };
}

/** @throws {ValueError} unless there is a class, each has a map, and none is there twice. */
export function checkClasses(where: string, classes: readonly number[], C: number): void {
  if (!Array.isArray(classes) || classes.length === 0) {
    throw new ValueError(
      where,
      'classes',
      'to hold at least one class index',
      classes,
      'The classes of the image, from 1.',
    );
  }
  if (!classes.every((index) => Number.isInteger(index) && index >= 1 && index <= C)) {
    throw new ValueError(where, 'classes', `to hold class indices 1..${C}`, classes, 'Indices count from 1.');
  }
  if (new Set(classes).size !== classes.length) {
    throw new ValueError(where, 'classes', 'to name each class once', classes);
  }
}

async function activated(where: string, { maps, activation = 'relu' }: ImageView): Promise<HostTensor> {
  if (activation !== 'relu' && activation !== 'sqrtRelu') {
    throw new ValueError(where, 'view.activation', "to be 'relu' or 'sqrtRelu'", activation);
  }
  const { values, h, w, C } = await hostMap(where, 'view.maps', maps, 'C');
  const roots = activation === 'sqrtRelu' ? values.map((value) => Math.sqrt(Math.max(0, value))) : values;
  return hostTensor(roots, [h, w, C]);
}

/** 1 in the channels that take part, `[h, w, K]`. */
function classMask(part: Uint8Array, h: number, w: number): TensorLike {
  const mask = new Float32Array(h * w * part.length);
  for (let at = 0; at < mask.length; at += part.length) mask.set(part, at);
  return hostTensor(mask, [h, w, part.length]);
}
