import { Tensor } from '@tensorflow/tfjs-core';
import {
  type Classifier,
  type Features,
  finiteValues,
  type HostTensor,
  hostTensor,
  hostValues,
  isHostTensor,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { classActivationMap } from './class-activation-map';
import { classActivationMap as kernel } from './kernels/class-activation-map';

/**
 * The class maps that a classifier gives for one image, without activation, `[h', w', C]`. Tensors that the feature
 * function returned are disposed.
 *
 * @param weights The rows of the classes, `[C, F]`.
 */
export async function classMaps(
  where: string,
  classifier: Classifier,
  image: HostTensor<Uint8Array>,
  weights: HostTensor,
): Promise<HostTensor> {
  const features = await classifier.features(image);
  try {
    const tapped = tapOf(where, features, classifier.tap);
    const [C, F] = weights.shape as [number, number];
    const hint = 'The weights of the classifier are for other features.';
    const { h, w } = matchShape(where, `features.${classifier.tap}`, tapped.shape, ['h', 'w', F], {}, hint);
    if (h * w === 0) throw new ShapeError(where, `features.${classifier.tap}`, 'to have cells', tapped.shape);
    const values =
      tapped instanceof Tensor
        ? await tensorMaps(tapped, weights)
        : kernel(await hostValues(where, `features.${classifier.tap}`, tapped), weights.values, C);
    // Sums over the features are finite only where these are; the maps are far smaller to look through.
    const maps = hostTensor(values, [h, w, C]);
    await finiteValues(where, `maps of features.${classifier.tap}`, maps);
    return maps;
  } finally {
    for (const tensor of Object.values(features ?? {})) {
      if (!isHostTensor(tensor) && tensor instanceof Tensor) tensor.dispose();
    }
  }
}

async function tensorMaps(features: Tensor, weights: HostTensor): Promise<Float32Array> {
  const maps = classActivationMap(features, weights);
  try {
    return (await maps.data()) as Float32Array;
  } finally {
    maps.dispose();
  }
}

function tapOf(where: string, features: Features, tap: string): TensorLike {
  const tapped = features?.[tap];
  if (!tapped) {
    const names = Object.keys(features ?? {}).join(', ') || 'nothing';
    throw new ValueError(where, 'classifier.features', `to return '${tap}', the classifier's tap`, names);
  }
  return tapped;
}
