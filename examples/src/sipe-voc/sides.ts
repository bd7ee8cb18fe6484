import { matMul, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { type FeatureFunction, type HostTensor, hostTensor, type Random } from '@wsss/core';

/** A learned branch of a tap, and what it begins with. */
export interface SideSettings {
  readonly channels: number;
  /** The tap itself, or a random projection of it, which keeps angles about as they are. */
  readonly first: 'identity' | 'random';
}

/** What a branch is called among the features. */
export const sideName = (tap: string): string => `side of ${tap}`;

/** First values of a branch, `[F, channels]`. */
export function firstSide(F: number, { channels, first }: SideSettings, draw: Random): HostTensor {
  const bound = Math.sqrt(3 / channels);
  const values = Float32Array.from({ length: F * channels }, (_, i) =>
    first === 'random' ? draw.uniform(-bound, bound) : i % channels === Math.floor(i / channels) ? 1 : 0,
  );
  return hostTensor(values, [F, channels]);
}

/**
 * The same features, and beside them the learned branches under {@link sideName}: so a classifier with branches is seen by
 * `classifierView` and `pseudoLabel` as any other.
 */
export function withSides(features: FeatureFunction, sides: Readonly<Record<string, HostTensor>>): FeatureFunction {
  const learned = Object.entries(sides);
  if (learned.length === 0) return features;
  return async (image) => {
    const found = await features(image);
    const branches: Record<string, HostTensor> = {};
    for (const [tap, { values, shape }] of learned) {
      const [h, w, F] = found[tap]!.shape as [number, number, number];
      const cells = (await found[tap]!.data()) as Float32Array;
      const side = tidy(() => matMul(tensor2d(cells, [h * w, F]), tensor2d(values, shape as [number, number])));
      branches[sideName(tap)] = hostTensor((await side.data()) as Float32Array, [h, w, shape[1]!]);
      side.dispose();
    }
    return { ...found, ...branches };
  };
}
