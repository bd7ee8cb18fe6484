import { FormatError, finiteValues, type HostTensor, hostTensor, type TensorLike } from '@wsss/core';

/**
 * The weights of TensorFlow's DeepLab v3 on MobileNetV2, as they come out of its graph with batch norm folded (`stem`, `b0`
 * … `b16`, `aspp0`, `image_pooling`, `concat_projection`, `logits`, each with `.weight` in torch's layout and `.bias`),
 * under the names of `deeplabV3` with {@link TENSORFLOW_DEEPLAB}. TensorFlow joins the mean of the image first, torchvision
 * last: the inputs of the projection change places.
 *
 * @param weights As `readStateDict` of `@wsss/formats` gives them.
 * @returns What `loadWeights` of `@wsss/networks` takes; nothing is there for the backbone's `features.18`, which the
 *   network does not use.
 * @throws {FormatError} for a key that such files do not have, or a projection of an odd number of inputs.
 *
 * @example
 * const backbone = freeze(mobilenetV2({ outputStride: 8, preprocess: TENSORFLOW_PREPROCESS, initialise: false }));
 * const network = deeplabV3(backbone, { classes: 21, ...TENSORFLOW_DEEPLAB, initialise: false });
 * const weights = await tensorflowDeeplabWeights(await readStateDict('deeplabv3_mnv2_voc.safetensors'));
 * await loadWeights(network, weights, { strict: false });
 * const labels = await predict(network, photo, { canvas: 513, flip: false, output: 'labels' });
 */
export async function tensorflowDeeplabWeights(
  weights: ReadonlyMap<string, TensorLike>,
): Promise<Map<string, TensorLike>> {
  const renamed = new Map<string, TensorLike>();
  for (const [key, tensor] of weights) {
    const [, layer, part] = /^(.*)\.(weight|bias)$/.exec(key) ?? [];
    const name = layer && newName(layer);
    if (!name) {
      throw new FormatError(
        'weights',
        "layers of TensorFlow's DeepLab on MobileNetV2",
        `'${key}'`,
        'Is it another net?',
      );
    }
    const swapped = layer === 'concat_projection' && part === 'weight';
    renamed.set(`${name}.${part}`, swapped ? await swapHalves(key, tensor) : tensor);
  }
  return renamed;
}

const HEAD: Readonly<Record<string, string>> = {
  stem: 'backbone.features.0.0',
  aspp0: 'classifier.0.convs.0.0',
  image_pooling: 'classifier.0.convs.1.1',
  concat_projection: 'classifier.0.project.0',
  logits: 'classifier.4',
};

function newName(layer: string): string | undefined {
  const [, block, part] = /^b(\d+)\.(expand|dw|project)$/.exec(layer) ?? [];
  if (block === undefined) return HEAD[layer];
  const feature = `backbone.features.${Number(block) + 1}.conv`;
  // The first block does not expand.
  const place = (block === '0' ? ['dw', 'project'] : ['expand', 'dw', 'project']).indexOf(part!);
  const last = part === 'project' ? '' : '.0';
  return place < 0 ? undefined : `${feature}.${place}${last}`;
}

/** The second half of the inputs of a 1×1 filter `[O, I, 1, 1]` before the first. */
async function swapHalves(key: string, tensor: TensorLike): Promise<HostTensor> {
  const [O, I] = tensor.shape as [number, number];
  if (tensor.shape.length !== 4 || I % 2 !== 0) {
    throw new FormatError(`weights '${key}'`, 'a filter [O, I, 1, 1] with an even number of inputs', tensor.shape);
  }
  const values = await finiteValues('tensorflowDeeplabWeights', key, tensor);
  const half = I / 2;
  const swapped = Float32Array.from(values, (_, i) => values[i - (i % I) + (((i % I) + half) % I)]!);
  return hostTensor(swapped, [O, I, 1, 1]);
}
