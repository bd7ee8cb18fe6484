import {
  type Classifier,
  type Features,
  type HostTensor,
  hostTensor,
  matchShape,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { finiteFloats, hostMap } from './check-map';
import { hierarchicalFeatures } from './hierarchical-features';
import type { ImageView, ViewFunction } from './image-view';
import { classMaps } from './kernels/class-maps';

/** Which features of a classifier stand for SIPE's. */
export interface ClassifierViewOptions {
  /** Taps whose features say which cells look alike, shallow to deep. */
  readonly structure: readonly string[];
  /** Taps whose features prototypes are made of, shallow to deep. */
  readonly prototype: readonly string[];
}

/**
 * Makes a classifier that was not trained for SIPE see as {@link explorePrototypes} needs it: its class maps, and the
 * features of chosen taps, normalised, resized to the classifier's cells and concatenated.
 *
 * @param classifier Its feature function must return the chosen taps too. Tensors that it returns are disposed.
 * @throws {ValueError} if no tap is named; the function returned, if one does not come, or a feature is NaN or infinite.
 *
 * @example
 * const see = classifierView(classifier, { structure: ['features.13'], prototype: ['features.13', 'features.18'] });
 * const isCam = await multiScaleIsCam(see, photo, { classes: [8], backgroundFactor: 0.9 });
 */
export function classifierView(classifier: Classifier, { structure, prototype }: ClassifierViewOptions): ViewFunction {
  const where = 'classifierView';
  for (const [name, taps] of Object.entries({ structure, prototype })) {
    if (!Array.isArray(taps) || taps.length === 0 || !taps.every((tap) => typeof tap === 'string')) {
      throw new ValueError(where, name, 'to name at least one tap', taps, "For example ['features.13'].");
    }
  }
  return async (image) => {
    const features = await classifier.features(image);
    try {
      const maps = await mapsOf(where, classifier, features);
      const size = maps.shape.slice(0, 2) as [number, number];
      const chosen = (taps: readonly string[]) =>
        hierarchicalFeatures(
          taps.map((tap) => tapOf(where, features, tap)),
          { size },
        );
      const view: ImageView<HostTensor> = {
        maps,
        structure: await chosen(structure),
        prototype: await chosen(prototype),
        activation: classifier.activation,
      };
      return view;
    } finally {
      for (const tensor of Object.values(features)) (tensor as Disposable).dispose?.();
    }
  };
}

/** A tensor of TensorFlow.js; host tensors have nothing to dispose. */
type Disposable = TensorLike & { dispose?(): void };

async function mapsOf(where: string, { tap, weights }: Classifier, features: Features): Promise<HostTensor> {
  const { values, h, w, C: F } = await hostMap(where, `features.${tap}`, tapOf(where, features, tap), 'F');
  const { C } = matchShape(where, 'classifier.weights', weights?.shape, ['C', 'F'], { F }) as { C: number };
  const rows = await finiteFloats(where, 'classifier.weights', weights);
  return hostTensor(classMaps(values, rows, C), [h, w, C]);
}

function tapOf(where: string, features: Features, tap: string): TensorLike {
  const found = features?.[tap];
  if (found) return found;
  const names = Object.keys(features ?? {}).join(', ') || 'nothing';
  const hint = 'Give featureFunction all the taps that are needed: { taps: […] }.';
  throw new ValueError(where, 'classifier.features', `to return '${tap}'`, names, hint);
}
