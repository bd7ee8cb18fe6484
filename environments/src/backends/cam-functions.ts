import { relu, tensor2d, tensor3d } from '@tensorflow/tfjs-core';
import {
  ablationCam,
  addBackground,
  classActivationMap,
  eigenCam,
  fullGrad,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  normalizeCam,
  type ProbedModel,
  scoreCam,
  xGradCam,
} from '@wsss/cam';
import { hostTensor, random } from '@wsss/core';
import { globalAveragePool, namedLayers, parameterBuilder } from '@wsss/core/layers';
import { type Summaries, summarise } from './summary';

const [SIDE, CLASSES] = [48, 3];

/** Every function of `@wsss/cam` that computes on tensors, but `multiScaleCam`, which the masks are made with. */
export async function camFunctions(): Promise<Summaries> {
  const found: Summaries = {};
  const stream = random(4);
  const numbers = (size: number) => Float32Array.from({ length: size }, () => stream.normal());
  const features = tensor3d(numbers(9 * 11 * 40), [9, 11, 40]);
  const weights = tensor2d(numbers(CLASSES * 40), [CLASSES, 40]);
  const maps = classActivationMap(features, weights);
  found.classActivationMap = summarise(await maps.data());
  for (const mode of ['max', 'minmax'] as const) {
    const normal = normalizeCam(maps, { mode });
    const background = addBackground(normal, { alpha: 4 });
    found[`normalizeCam, ${mode}`] = summarise(await normal.data());
    found[`addBackground of ${mode}`] = summarise(await background.data());
    normal.dispose();
    background.dispose();
  }
  for (const each of [features, weights, maps]) each.dispose();

  const builder = parameterBuilder({ seed: 6 });
  builder.conv2d('first', { in: 3, out: 8, kernel: 3 });
  builder.conv2d('second', { in: 8, out: 12, kernel: 3, bias: true });
  builder.linear('classifier', { in: 12, out: CLASSES });
  const layers = namedLayers(builder.parameters);
  const layer = 'second';
  const model: ProbedModel = (images, probe) => {
    const first = relu(layers.conv2d('first', images, { stride: 2, padding: 1 }));
    const seen = probe(layer, relu(layers.conv2d(layer, first, { stride: 2, padding: 1, dilation: 1 })));
    return layers.linear('classifier', globalAveragePool(seen));
  };
  const image = hostTensor(
    Uint8Array.from(
      { length: SIDE * SIDE * 3 },
      (_, i) => 128 + 90 * Math.sin(i / 31) * Math.cos(i / 1777) + stream.integer(0, 20),
    ),
    [SIDE, SIDE, 3],
  );
  const classes = [1, 3];
  const methods = {
    ...{ gradCam, gradCamPlusPlus, hiResCam, layerCam, xGradCam, eigenCam },
    ...{ scoreCam, ablationCam },
  };
  for (const [name, method] of Object.entries(methods)) {
    found[name] = summarise((await method(model, image, { classes, layer })).values);
  }
  const biases = { [layer]: hostTensor(numbers(12), [12]) };
  found.fullGrad = summarise((await fullGrad(model, image, { classes, biases })).values);
  builder.dispose();
  return found;
}
