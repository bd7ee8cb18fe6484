import { add, mul, type Tensor, type Tensor4D, tensor1d, tidy, zeros } from '@tensorflow/tfjs-core';
import { ShapeError } from '@wsss/core';
import type { ProbedModel } from './probed-model';
import { checkSeen, classScore, gradientsOf, scoresOf } from './run-model';

/** The shapes of what some layers give for an image; checks the model's scores too. */
export function outputShapes(
  where: string,
  model: ProbedModel,
  image: Tensor4D,
  classes: readonly number[],
  layers: readonly string[],
): Tensor4D['shape'][] {
  const shapes = new Map<string, Tensor4D['shape']>();
  const seen: string[] = [];
  tidy(() => {
    scoresOf(where, model, image, classes, (name, output) => {
      seen.push(name);
      shapes.set(name, output.shape);
      return output;
    });
  });
  return layers.map((layer) => {
    checkSeen(where, layer, seen);
    const shape = shapes.get(layer)!;
    if (shape.length !== 4 || shape[0] !== 1) {
      throw new ShapeError(where, `output of '${layer}'`, [1, "h'", "w'", 'F'], shape);
    }
    return shape;
  });
}

/**
 * The parts that add up to a class's score, where the network is piecewise linear and these are all its biases:
 * x ∘ ∂y/∂x, and b_l ∘ ∂y/∂z_l for each layer.
 *
 * @param biases One `[F]` per layer.
 * @returns The image's part and the layers', each of the shape of its gradient.
 */
export function fullGradient(
  where: string,
  model: ProbedModel,
  image: Tensor4D,
  layers: readonly string[],
  shapes: readonly Tensor4D['shape'][],
  biases: readonly Float32Array[],
  index: number,
): Tensor4D[] {
  // A zero that is added to an output has the output's gradient.
  const score = (x: Tensor, ...added: Tensor[]): Tensor => {
    const scores = model(x as Tensor4D, (name, output) => {
      const layer = layers.indexOf(name);
      return layer < 0 ? output : (add(output, added[layer]!) as Tensor4D);
    });
    return classScore(scores, index);
  };
  return tidy(() => {
    const at = [image, ...shapes.map((shape) => zeros(shape))];
    const names = ['image', ...layers.map((layer) => `output of '${layer}'`)];
    const [ofImage, ...ofLayers] = gradientsOf(where, score, at, names);
    return [mul(image, ofImage!), ...ofLayers.map((slope, l) => mul(slope, tensor1d(biases[l]!)))] as Tensor4D[];
  });
}
