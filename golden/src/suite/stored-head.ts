import { type Tensor4D, tensor4d, zeros } from '@tensorflow/tfjs-core';
import { AffinityNet } from '@wsss/affinity';
import { loadWeights } from '@wsss/networks';
import { type GoldenRun, nhwc } from '@wsss/testing';
import { storedBackbone } from './stored-backbone';

/** The head with the stored weights on the stored taps, and an image of the size that belongs to them. */
export async function headOf(run: GoldenRun) {
  const shapes = ['H', 'W', 'N'].map((name) => run.parameter<number>(name)!);
  const [H, W, N] = shapes as [number, number, number];
  const taps: Record<string, Tensor4D> = {};
  for (const [name] of run.names(/^conv\w+$/)) {
    const { values, shape } = nhwc(run.input(name));
    taps[name] = tensor4d(values, shape as Tensor4D['shape']);
  }
  const weights = new Map(run.names(/^w\.(.+)$/).map(([name, key]) => [key!, run.input(name)]));
  const width = (layer: string) => weights.get(`${layer}.weight`)!.shape[0]!;
  const groups = run.parameter<number[] | null>('groupnorm_groups') ?? undefined;
  const network = AffinityNet(storedBackbone(taps), {
    head: run.parameter<string>('network') === 'vgg16' ? 'vgg16' : 'resnet38d',
    widths: ['f8_3', 'f8_4', 'f8_5', 'f9'].map(width),
    ...(groups && { groups }),
    initialise: false,
  });
  await loadWeights(network, weights);
  return { network, taps, images: zeros([N, 8 * H, 8 * W, 3]) as Tensor4D };
}
