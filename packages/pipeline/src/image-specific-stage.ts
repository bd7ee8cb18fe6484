import { type Classifier, type HostTensor, hostValues, isHostTensor, type TensorLike, ValueError } from '@wsss/core';
import { classifierView, multiScaleIsCam, type SipeNet, type ViewFunction } from '@wsss/sipe';

/** Taps of the classifier's features that stand for SIPE's, shallow to deep, without any training. */
export interface SipeTaps {
  /** What says which cells look alike. */
  readonly structure: readonly string[];
  /** What prototypes are made of. */
  readonly prototype: readonly string[];
  /** What the background's overlap is multiplied with. @default 0.5, SIPE's; MobileNetV2 wants 0.9 */
  readonly backgroundFactor?: number;
}

/** What makes image-specific maps: a trained network, or taps of the classifier. */
export type SipeStage = Pick<SipeNet, 'view'> | SipeTaps;

const isNetwork = (sipe: SipeStage): sipe is Pick<SipeNet, 'view'> => typeof (sipe as SipeNet)?.view === 'function';

/** @throws {ValueError} unless it is a SipeNet or names taps, and nothing else is said of the background. */
export function checkSipe(where: string, sipe: SipeStage | undefined, background: unknown): void {
  if (sipe === undefined) return;
  if (background !== undefined) {
    const hint = 'With `sipe` the background has a prototype, and needs neither threshold nor alpha.';
    throw new ValueError(where, 'background', 'to be left out with `sipe`', background, hint);
  }
  if (isNetwork(sipe)) return;
  const named = (taps: unknown) => Array.isArray(taps) && taps.length > 0;
  const names = ['structure', 'prototype', 'backgroundFactor'];
  if (!named(sipe?.structure) || !named(sipe.prototype) || !Object.keys(sipe).every((name) => names.includes(name))) {
    const expected = 'to be a SipeNet, or { structure, prototype, backgroundFactor? }';
    throw new ValueError(where, 'sipe', expected, sipe, "For example { structure: ['features.13'], … }.");
  }
}

/** The image-specific maps of a photo, the background first. */
export async function imageSpecificMaps(
  sipe: SipeStage,
  classifier: Classifier,
  image: TensorLike,
  options: { classes: readonly number[]; scales?: readonly number[]; flip?: boolean },
): Promise<HostTensor> {
  if (isNetwork(sipe)) return multiScaleIsCam(sipe.view as ViewFunction, image, options);
  const { backgroundFactor, ...taps } = sipe;
  return multiScaleIsCam(classifierView(classifier, taps), image, { ...options, backgroundFactor });
}

/**
 * The same classifier, whose features are computed once where its maps and taps of it are asked for: what an image gave
 * is handed out once more, and then forgotten. Tensors are not kept, because whoever asked disposes them.
 */
export function sharedWith(sipe: SipeStage | undefined, classifier: Classifier): Classifier {
  return sipe === undefined || isNetwork(sipe) ? classifier : seenTwice(classifier);
}

function seenTwice(classifier: Classifier): Classifier {
  const seen: {
    bytes: ArrayLike<number>;
    shape: readonly number[];
    features: Awaited<ReturnType<Classifier['features']>>;
  }[] = [];
  return {
    ...classifier,
    async features(image) {
      const { shape } = image;
      const bytes = await hostValues('pseudoLabel', 'image', image);
      const at = seen.findIndex((one) => one.shape.join() === shape.join() && same(one.bytes, bytes));
      if (at >= 0) return seen.splice(at, 1)[0]!.features;
      const features = await classifier.features(image);
      if (Object.values(features).every(isHostTensor)) seen.push({ bytes, shape, features });
      return features;
    },
  };
}

function same(a: ArrayLike<number>, b: ArrayLike<number>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
