import { argMax, mul, reverse, softmax, sub, type Tensor, type Tensor4D, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { type Preprocess, ValueError } from '@wsss/core';
import type { SegmentationNetwork } from '../segmentation-network';
import { GraphBuilder, type GraphWeight } from './graph-builder';
import { kernelNodes } from './kernel-nodes';
import { recordKernels } from './record-kernels';

export interface ExportGraphModelOptions {
  /** `[h, w]` of the photos that the model will take. */
  readonly size: readonly [height: number, width: number];
  /**
   * What it returns: `probabilities` or `logits` `[1, h, w, K]`, or `labels` `[1, h, w]`, int32. @default 'probabilities'
   */
  readonly output?: 'probabilities' | 'logits' | 'labels';
}

const SHARD = 4 * 1024 * 1024;

/**
 * The network as a graph model of TensorFlow.js, which `loadGraphModel` of `@tensorflow/tfjs-converter` reads and runs
 * without these packages. It takes photos of one size, RGB 0..255 as float32 `[1, h, w, 3]`: normalising is part of it. What
 * does not depend on the photo is computed now; batch norms are a multiplication and an addition, and in a backbone that
 * `freeze` made they are gone.
 *
 * @returns The files by name: `model.json` and the weights in pieces of 4 MiB, `group1-shard1of3.bin`, …. Write them into
 *   one folder.
 * @throws {ValueError} if an option is out of range, or the network uses an operation that cannot be written down.
 *
 * @example
 * for (const [name, bytes] of await exportGraphModel(network, { size: [375, 500] })) await writeFile(name, bytes);
 * // elsewhere: const model = await loadGraphModel('model.json'); model.predict(photo)
 */
export async function exportGraphModel(
  network: SegmentationNetwork,
  { size, output = 'probabilities' }: ExportGraphModelOptions,
): Promise<Map<string, Uint8Array>> {
  const where = 'exportGraphModel';
  if (!(size?.length === 2 && size.every((n) => Number.isSafeInteger(n) && n >= 1))) {
    throw new ValueError(where, 'size', 'to be [height, width]', size);
  }
  if (!['probabilities', 'logits', 'labels'].includes(output)) {
    throw new ValueError(where, 'output', "to be 'probabilities', 'logits' or 'labels'", output);
  }
  const shape: [number, number, number, number] = [1, ...size, 3];
  const image = zeros(shape);
  const recording = recordKernels(image, (x) => finish(network.logits(normalised(x, network.preprocess)), output));
  try {
    const graph = new GraphBuilder();
    const names = new Map([[image.id, graph.image('image', shape)]]);
    const parameters = new Map([...network.parameters].map(([name, { id }]) => [id, name]));
    for (const [id, constant] of recording.constants) {
      const name = parameters.get(id) ?? `constant_${names.size}`;
      names.set(id, graph.constant(name, constant.shape, (await constant.data()) as Float32Array | Int32Array));
    }
    for (const { kernel, inputs, attributes, output: id } of recording.kernels) {
      const named = Object.entries(inputs).map(([input, from]) => [input, names.get(from)!] as const);
      names.set(id, kernelNodes(graph, kernel, Object.fromEntries(named), attributes));
    }
    graph.node('Identity', [names.get(recording.output)!], {}, output);
    const result = output === 'labels' ? shape.slice(0, 3) : [...shape.slice(0, 3), network.classes];
    return files(graph, { shape, output, result });
  } finally {
    image.dispose();
    for (const constant of recording.constants.values()) constant.dispose();
  }
}

function normalised(image: Tensor, { order, scale, mean, std }: Preprocess): Tensor4D {
  const pixels = order === 'bgr' ? reverse(image, 3) : image;
  // (x · scale − mean) / std as one multiplication and one subtraction.
  const factors = tensor1d(std.map((deviation) => scale / deviation));
  return sub(mul(pixels, factors), tensor1d(mean.map((m, c) => m / std[c]!)));
}

function finish(logits: Tensor4D, output: ExportGraphModelOptions['output']): Tensor {
  return output === 'logits' ? logits : output === 'labels' ? argMax(logits, 3) : softmax(logits);
}

function files(
  { nodes, weights }: GraphBuilder,
  { shape, output, result }: { shape: readonly number[]; output: string; result: readonly number[] },
): Map<string, Uint8Array> {
  const data = joined(weights);
  const count = Math.max(1, Math.ceil(data.length / SHARD));
  const shards = Array.from({ length: count }, (_, i) => {
    return [`group1-shard${i + 1}of${count}.bin`, data.slice(i * SHARD, (i + 1) * SHARD)] as const;
  });
  const signature = (name: string, dtype: string, sizes: readonly number[]) => ({
    [name]: { name: `${name}:0`, dtype, tensorShape: { dim: sizes.map((size) => ({ size: String(size) })) } },
  });
  const model = {
    format: 'graph-model',
    generatedBy: '@wsss/segmentation',
    convertedBy: null,
    signature: {
      inputs: signature('image', 'DT_FLOAT', shape),
      outputs: signature(output, output === 'labels' ? 'DT_INT32' : 'DT_FLOAT', result),
    },
    modelTopology: { node: nodes, library: {}, versions: { producer: 1482 } },
    weightsManifest: [
      {
        paths: shards.map(([name]) => name),
        weights: weights.map(({ name, shape: sizes, dtype }) => ({ name, shape: sizes, dtype })),
      },
    ],
  };
  return new Map([['model.json', new TextEncoder().encode(JSON.stringify(model))], ...shards]);
}

/** All values one after the other, little-endian as the machine has them. */
function joined(weights: readonly GraphWeight[]): Uint8Array {
  const bytes = new Uint8Array(weights.reduce((sum, { values }) => sum + values.byteLength, 0));
  let at = 0;
  for (const { values } of weights) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}
