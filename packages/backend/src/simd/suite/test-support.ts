import {
  backend,
  engine,
  type KernelFunc,
  type NamedAttrMap,
  type Tensor,
  type TensorInfo,
  tensor,
} from '@tensorflow/tfjs-core';
import type { Random } from '@wsss/core';
import type { ConvAttributes } from '../../kernels/conv-geometry';
import { useBackend } from '../../use-backend';
import { kernelSettings } from '../kernel-settings';
import { simdModule } from '../simd-module';

/** Starts the backend, and shares even the smallest job out among so many threads. */
export async function startThreads(threads: number): Promise<void> {
  await useBackend('wasm', { threads });
  kernelSettings.products = 1;
  const ready = (await simdModule(backend())!.threads?.ready(threads)) ?? 1;
  if (ready !== threads) throw new Error(`${ready} of ${threads} threads are ready`);
}

type Accelerator = <K extends { kernelFunc: KernelFunc }>(fallback: K) => K;

const nothing = {
  kernelFunc: (): never => {
    throw new Error('our WebAssembly did not take it');
  },
};

/** Runs an accelerated kernel on the current backend, without its fallback. */
export function runAccelerated(kernel: Accelerator, inputs: object, attributes: object): Tensor {
  const { kernelFunc } = kernel<{ kernelFunc: KernelFunc }>(nothing);
  const attrs = attributes as unknown as NamedAttrMap;
  const result = kernelFunc({ inputs: inputs as Record<string, TensorInfo>, attrs, backend: backend() });
  return engine().makeTensorFromTensorInfo(result as TensorInfo);
}

/** A convolution at random: sizes with tails, strides, dilations, paddings of all sides. */
export interface RandomConv {
  readonly input: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly output: [number, number, number, number];
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly padding: [[number, number], [number, number]];
}

export function randomConv(random: Random, channels: number): RandomConv {
  const whole = (low: number, high: number) => low + Math.floor(random.next() * (high - low + 1));
  for (;;) {
    const image = [whole(1, 14), whole(1, 14)] as const;
    const taps = [whole(1, 4), whole(1, 4)] as const;
    const strides: [number, number] = [whole(1, 3), whole(1, 3)];
    const dilations: [number, number] = [whole(1, 3), whole(1, 3)];
    const padding: RandomConv['padding'] = [
      [whole(0, 3), whole(0, 3)],
      [whole(0, 3), whole(0, 3)],
    ];
    const [height, width] = [0, 1].map((axis) => {
      const room = image[axis]! + padding[axis]![0] + padding[axis]![1] - (taps[axis]! - 1) * dilations[axis]! - 1;
      return Math.floor(room / strides[axis]!) + 1;
    }) as [number, number];
    if (height < 1 || width < 1) continue;
    const [batch, from, to] = [whole(1, 3), whole(1, channels), whole(1, channels)];
    return {
      input: [batch, ...image, from],
      filter: [...taps, from, to],
      output: [batch, height, width, to],
      strides,
      dilations,
      padding,
    };
  }
}

/** The attributes of its kernels. */
export function attributesOf({ strides, dilations, padding }: RandomConv): ConvAttributes {
  return { strides, dilations, pad: [[0, 0], ...padding, [0, 0]], dataFormat: 'NHWC' };
}

/** Calls back for every tap inside the image: places of pixels of the input and the output, and the tap. */
export function eachTap(
  { input: [batch, h, w], filter: [kh, kw], output: [, oh, ow], strides, dilations, padding }: RandomConv,
  visit: (input: number, output: number, tap: number) => void,
): void {
  for (let n = 0; n < batch; n++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        for (let tap = 0; tap < kh * kw; tap++) {
          const y = oy * strides[0] + Math.floor(tap / kw) * dilations[0] - padding[0][0];
          const x = ox * strides[1] + (tap % kw) * dilations[1] - padding[1][0];
          if (y >= 0 && y < h && x >= 0 && x < w) visit((n * h + y) * w + x, (n * oh + oy) * ow + ox, tap);
        }
      }
    }
  }
}

/** Largest difference, relative to the scale of the sum: Σ |product| of the terms of each value. */
export function difference(values: ArrayLike<number>, sums: Float64Array, scales: Float64Array): number {
  if (values.length !== sums.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < sums.length; i++) {
    const off = Math.abs(values[i]! - sums[i]!) / Math.max(scales[i]!, 1e-30);
    if (!(off <= largest)) largest = Number.isNaN(off) ? Number.POSITIVE_INFINITY : off;
  }
  return largest;
}

export function draw(stream: Random, shape: readonly number[]): Tensor {
  return tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => stream.normal()),
    [...shape],
  );
}

/** Sums in doubles, and the sums of the absolute values of their terms. */
export interface Sums {
  readonly values: Float64Array;
  readonly scales: Float64Array;
}

/** Room for the output of a convolution, and the gradients of its input and its filter. */
export function threeSums({ output, input, filter }: Pick<RandomConv, 'output' | 'input' | 'filter'>): {
  sums: Sums[];
  add(which: number, place: number, product: number): void;
} {
  const sums = [output, input, filter].map((shape) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return { values: new Float64Array(size), scales: new Float64Array(size) };
  });
  return {
    sums,
    add: (which, place, product) => {
      sums[which]!.values[place]! += product;
      sums[which]!.scales[place]! += Math.abs(product);
    },
  };
}
