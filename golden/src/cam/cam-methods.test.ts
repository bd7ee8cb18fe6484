import {
  add,
  conv2d,
  matMul,
  mean,
  relu,
  type Tensor,
  type Tensor2D,
  type Tensor4D,
  tensor,
} from '@tensorflow/tfjs-core';
import {
  ablationCam,
  eigenCam,
  fullGrad,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  layerCam,
  type ProbedModel,
  scoreCam,
  xGradCam,
} from '@wsss/cam';
import { type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { type GoldenRun, hwc, hwio } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// The reference is in double. Maps are in 0..1; a gradient in float32 that is a difference of larger terms, and a score
// of which another is taken away, lose up to two digits of seven.
const tolerance = { abs: 1e-5 };

const methods = { gradCam, gradCamPlusPlus, xGradCam, layerCam, hiResCam, scoreCam, ablationCam };

for (const [name, method] of Object.entries(methods)) {
  goldenKind(`cam/${name}`, (run) =>
    compared(run, (model, image) => {
      const layer = run.parameter<string>('layer')!;
      return method(model, image, { layer, classes: classesOf(run) });
    }),
  );
}

goldenKind('cam/eigenCam', (run) =>
  compared(run, (model, image) => eigenCam(model, image, { layer: run.parameter<string>('layer')! })),
);

goldenKind('cam/fullGrad', (run) => {
  const biases = Object.fromEntries(['conv1', 'conv2', 'conv3'].map((layer) => [layer, run.input(`${layer}.bias`)]));
  return compared(run, (model, image) => fullGrad(model, image, { biases, classes: classesOf(run) }));
});

async function compared(
  run: GoldenRun,
  method: (model: ProbedModel, image: TensorLike) => Promise<HostTensor>,
): Promise<void> {
  const { values, shape } = run.input<Uint8Array>('image');
  await onEachBackend(async (backend) => {
    const map = await method(storedNetwork(run), hostTensor(values, shape));
    await run.compare('map', map, { tolerance, layout: hwc, via: backend });
  });
}

function classesOf(run: GoldenRun): number[] {
  return run.parameter<number[]>('classes_0based')!.map((index) => index + 1);
}

/** The sidecar's `network`, with its parameters. */
function storedNetwork(run: GoldenRun): ProbedModel {
  const filter = (layer: string) => toTensor<Tensor4D>(hwio(run.input(`${layer}.weight`)));
  const bias = (layer: string) => toTensor(run.input(`${layer}.bias`));
  const convolved = (x: Tensor4D, layer: string, stride: number) =>
    add(conv2d(x, filter(layer), stride, 1), bias(layer)) as Tensor4D;
  return (images, probe) => {
    const one = relu(probe('conv1', convolved(images, 'conv1', 1)));
    const two = probe('relu2', relu(probe('conv2', convolved(one, 'conv2', 2))));
    const three = relu(probe('conv3', convolved(two, 'conv3', 1)));
    const pooled = mean(three, [1, 2]) as Tensor2D;
    const weights = toTensor<Tensor2D>(run.input('fc.weight'));
    return add(matMul(pooled, weights, false, true), bias('fc')) as Tensor2D;
  };
}

function toTensor<T extends Tensor>({ values, shape }: { values: Float32Array; shape: readonly number[] }): T {
  return tensor(values, [...shape]) as T;
}
