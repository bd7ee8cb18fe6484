import { reshape, type Tensor, type Tensor3D, tensor4d, tidy } from '@tensorflow/tfjs-core';
import type { FeatureFunction, Features } from '../classifier';
import { ValueError } from '../errors';
import { normalizeImage } from '../normalize-image';
import { hostTensor, type TensorLike } from '../tensor-like';
import type { Backbone } from './backbone';

export interface FeatureFunctionOptions {
  /** The taps to return. @default the classifier's tap */
  taps?: readonly string[];
  /**
   * Where the features are left: on the host, where nothing needs to be disposed, or as tensors of the backend, which
   * whoever called disposes.
   * @default 'host'
   */
  output?: 'host' | 'tensor';
}

/**
 * Makes a network into a function of a photo: normalises as the network wants it, runs it in inference, and names what
 * comes out of the taps.
 *
 * @param backbone Only lent: keep it undisposed as long as the function is in use.
 * @returns A function from RGB values in 0..255, shape `[h, w, 3]`, to tap → `[h', w', F]`, float32.
 * @throws {ValueError} if the network has no such tap; the function returned throws what {@link normalizeImage} throws.
 */
export function featureFunction(
  backbone: Backbone,
  options: FeatureFunctionOptions & { output: 'tensor' },
): TensorFeatureFunction;
export function featureFunction(backbone: Backbone, options?: FeatureFunctionOptions): FeatureFunction;
export function featureFunction(
  backbone: Backbone,
  { taps = [backbone.classifierTap], output = 'host' }: FeatureFunctionOptions = {},
): FeatureFunction {
  checkTaps(backbone, taps);
  if (output !== 'host' && output !== 'tensor') {
    throw new ValueError('featureFunction', 'output', "to be 'host' or 'tensor'", output);
  }
  const run = async (image: TensorLike) => forward(backbone, taps, await normalizeImage(image, backbone.preprocess));
  return output === 'tensor' ? run : async (image) => toHost(await run(image));
}

/** As {@link FeatureFunction}, with features that its caller disposes. */
export type TensorFeatureFunction = (image: TensorLike) => Promise<Record<string, Tensor3D>>;

function checkTaps(backbone: Backbone, taps: readonly string[]): void {
  const known = Object.keys(backbone.taps);
  const hint = `The network has ${known.join(', ')}.`;
  if (taps.length === 0) throw new ValueError('featureFunction', 'taps', 'to name at least one tap', taps, hint);
  for (const tap of taps) {
    if (!known.includes(tap)) throw new ValueError('featureFunction', 'taps', 'to name taps of the network', tap, hint);
  }
}

function forward(backbone: Backbone, taps: readonly string[], image: TensorLike & { values: Float32Array }) {
  return tidy(() => {
    const [height, width] = image.shape as [number, number];
    const outputs = backbone.forward(tensor4d(image.values, [1, height, width, 3]), { taps, training: false });
    const features: Record<string, Tensor3D> = {};
    for (const tap of taps) {
      const [, h, w, F] = outputs[tap]!.shape;
      features[tap] = reshape(outputs[tap]!, [h, w, F]);
    }
    return features;
  });
}

async function toHost(features: Record<string, Tensor>): Promise<Features> {
  try {
    const read = Object.entries(features).map(
      async ([tap, tensor]) => [tap, hostTensor((await tensor.data()) as Float32Array, tensor.shape)] as const,
    );
    return Object.fromEntries(await Promise.all(read));
  } finally {
    for (const tensor of Object.values(features)) tensor.dispose();
  }
}
