import {
  engine,
  type NamedAttrMap,
  type NamedTensorMap,
  randomNormal,
  square,
  type Tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { BackendOptions } from '@wsss/backend';

/** A kernel with a shape, and how fast it has to be. */
export interface SpillCase {
  readonly name: string;
  readonly kernel: string;
  readonly options?: BackendOptions;
  run(): Tensor;
  /** What it is measured against: products against a chain of them, passes over memory against a copy. */
  readonly against: 'chain' | 'copy';
  /**
   * Times the rate of that: two thirds of what is reached on an AMD EPYC (Zen 5) in Node 20 and 24. A product whose sums are
   * spilled comes to a half or less, and to a quarter in code that is not optimised at all.
   */
  readonly floor: number;
}

const seeded = (shape: number[], seed = 1): Tensor => randomNormal(shape, 0, 1, 'float32', seed);
const run = (kernel: string, inputs: object, attributes: object = {}): Tensor =>
  engine().runKernel(kernel, inputs as NamedTensorMap, attributes as unknown as NamedAttrMap) as Tensor;

interface Layer {
  readonly input: readonly [number, number, number, number];
  readonly filter: readonly [number, number, number, number];
  readonly stride?: number;
  readonly dilation?: number;
  readonly depthwise?: boolean;
}

/** Floors of forward pass, gradient of the input, gradient of the filter. */
type Floors = readonly [number, number, number];

function layer(name: string, setting: Layer, floors: Floors, options?: BackendOptions): SpillCase[] {
  const { input, filter, stride = 1, dilation = 1, depthwise = false } = setting;
  const [n, h, w, c] = input;
  const size = [n, Math.ceil(h / stride), Math.ceil(w / stride), depthwise ? c : filter[3]];
  const [x, taps, dy] = [seeded([...input]), seeded([...filter], 2), seeded(size, 3)];
  const attributes = { strides: stride, dilations: dilation, pad: 'same', dataFormat: 'NHWC' };
  const stem = depthwise ? 'DepthwiseConv2dNative' : 'Conv2D';
  const pass = (suffix: string, inputs: object, more: object, floor: number): SpillCase => ({
    name: `${name}${suffix === '' ? '' : suffix === 'BackpropInput' ? ', gradient of the input' : ', gradient of the filter'}`,
    kernel: `${stem}${suffix}`,
    ...(options && { options }),
    run: () => run(`${stem}${suffix}`, inputs, { ...attributes, ...more }),
    against: 'chain',
    floor,
  });
  return [
    pass('', { x, filter: taps }, {}, floors[0]),
    pass('BackpropInput', { dy, filter: taps }, { inputShape: [...input] }, floors[1]),
    pass('BackpropFilter', { x, dy }, { filterShape: [...filter] }, floors[2]),
  ];
}

function product(name: string, flags: { transposeA: boolean; transposeB: boolean }, floor: number): SpillCase {
  const [a, b] = [
    seeded(flags.transposeA ? [256, 384] : [384, 256]),
    seeded(flags.transposeB ? [320, 256] : [256, 320]),
  ];
  return { name, kernel: 'BatchMatMul', run: () => run('BatchMatMul', { a, b }, flags), against: 'chain', floor };
}

function pass(name: string, kernel: string, inputs: object, attributes: object, floor: number): SpillCase {
  return { name, kernel, run: () => run(kernel, inputs, attributes), against: 'copy', floor };
}

/** Every kernel of ours on `wasm`; to be called once a backend is in use. */
export function spillCases(): SpillCase[] {
  const x = seeded([2, 32, 32, 64]);
  const dy = seeded([2, 32, 32, 64], 2);
  const [channel, variance] = [seeded([64], 3), tidy(() => square(seeded([64], 4)))];
  const pool = { filterSize: 3, strides: 2, pad: 'same' };
  const pooled = seeded([2, 16, 16, 64], 5);
  const wide = seeded([1, 128, 128, 21], 6);
  const narrow = seeded([1, 16, 16, 21], 7);
  const resize = { alignCorners: false, halfPixelCenters: true, size: [128, 128] };
  const plain = { winograd: false } as const;
  const mid = { input: [2, 16, 16, 128], filter: [3, 3, 128, 128] } as const;
  return [
    ...layer('3×3, direct', mid, [26, 26, 27], plain),
    ...layer('3×3, Winograd 2', mid, [48, 50, 48]),
    ...layer('3×3, Winograd 4', mid, [63, 74, 71], { winograd: 4 }),
    ...layer('3×3, dilation 2', { ...mid, dilation: 2 }, [26, 26, 27], plain),
    ...layer('3×3, stride 2', { ...mid, stride: 2 }, [23, 24, 25]),
    ...layer('1×1', { input: [2, 16, 16, 256], filter: [1, 1, 256, 256] }, [27, 27, 26]),
    ...layer('7×7 of an image, stride 2', { input: [1, 96, 96, 3], filter: [7, 7, 3, 64], stride: 2 }, [23, 9.1, 22]),
    ...layer('depthwise 3×3', { input: [2, 32, 32, 96], filter: [3, 3, 96, 1], depthwise: true }, [6.6, 6.9, 8.4]),
    product('product', { transposeA: false, transposeB: false }, 27),
    product('product, left transposed', { transposeA: true, transposeB: false }, 27),
    product('product, right transposed', { transposeA: false, transposeB: true }, 27),
    pass(
      'batch norm',
      'FusedBatchNorm',
      { x, mean: channel, variance, offset: channel, scale: channel },
      { varianceEpsilon: 1e-5 },
      0.37,
    ),
    pass('gradient of its scale', '_WsssCentredProducts', { dy, x, mean: channel }, {}, 0.21),
    pass('sum with a value a channel', 'Add', { a: x, b: channel }, {}, 0.53),
    pass('difference with one', 'Sub', { a: x, b: channel }, {}, 0.71),
    pass('product with one', 'Multiply', { a: x, b: channel }, {}, 0.78),
    pass('gradient of ReLU6', '_WsssBoundedGradient', { dy, y: x }, { high: 6 }, 0.67),
    pass('PReLU', 'Prelu', { x, alpha: channel }, {}, 0.6),
    pass('sum over pixels', 'Sum', { x }, { axis: [0, 1, 2], keepDims: false }, 0.24),
    pass('gradient of max pooling', 'MaxPoolGrad', { dy: pooled, input: x, output: pooled }, pool, 0.04),
    pass('gradient of a bilinear resize', 'ResizeBilinearGrad', { dy: wide, images: narrow }, resize, 0.12),
  ];
}
