import { backend, getKernel, type NamedAttrMap, type TensorInfo, tensor } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { random } from '@wsss/core';

// Errors of a 3×3 layer and its gradients against loops in float64, in the plain sum and in Winograd's tiles: node
// --import tsx --conditions=@wsss/source src/backend/winograd-accuracy.ts

const ATTRIBUTES = { strides: 1, dilations: 1, pad: 'same', dataFormat: 'NHWC' };
const WAYS = [
  ['plain sum', false],
  ['tiles of 2', 2],
  ['tiles of 4', 4],
] as const;

/** Forward, and the gradients of the input and the filter, in doubles: n × n pixels, c → c channels. */
function inDoubles(n: number, c: number, x: Float32Array, w: Float32Array, dy: Float32Array): Float64Array[] {
  const [y, dx, dw] = [x.length, x.length, w.length].map((size) => new Float64Array(size)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let at = 0; at < n * n * 9; at++) {
    const [pixel, tap] = [Math.floor(at / 9), at % 9];
    const [row, column] = [Math.floor(pixel / n) + Math.floor(tap / 3) - 1, (pixel % n) + (tap % 3) - 1];
    if (row < 0 || column < 0 || row >= n || column >= n) continue;
    const [from, to] = [(row * n + column) * c, pixel * c];
    for (let i = 0; i < c; i++) {
      const weights = (tap * c + i) * c;
      const value = x[from + i]!;
      let sum = 0;
      for (let o = 0; o < c; o++) {
        y[to + o]! += value * w[weights + o]!;
        sum += dy[to + o]! * w[weights + o]!;
        dw[weights + o]! += value * dy[to + o]!;
      }
      dx[from + i]! += sum;
    }
  }
  return [y, dx, dw];
}

/** Runs a kernel and reads its result. */
async function run(name: string, inputs: object, more: object): Promise<Float32Array> {
  const call = { inputs: inputs as Record<string, TensorInfo>, backend: backend() };
  const attrs = { ...ATTRIBUTES, ...more } as unknown as NamedAttrMap;
  const { dataId } = getKernel(name, 'wasm').kernelFunc({ ...call, attrs }) as TensorInfo;
  const values = (await backend().read(dataId)) as Float32Array;
  backend().disposeData(dataId);
  return values;
}

function rootMeanSquare(values: Float32Array, wanted: Float64Array): string {
  let [errors, squares] = [0, 0];
  for (const [i, value] of values.entries()) {
    errors += (value - wanted[i]!) ** 2;
    squares += wanted[i]! ** 2;
  }
  return Math.sqrt(errors / squares).toExponential(1);
}

await useBackend('wasm', { threads: 1 });
console.log(['input', 'n, C', 'way', 'forward', 'input', 'filter'].map((name) => name.padEnd(12)).join(''));
for (const input of ['normal', 'after ReLU'] as const) {
  for (const [n, c] of [
    [24, 64],
    [16, 256],
  ] as const) {
    const stream = random(1);
    const draw = (size: number) => Float32Array.from({ length: size }, () => stream.normal());
    const drawn = draw(n * n * c);
    const [xs, ws, dys] = [
      input === 'normal' ? drawn : drawn.map((value) => Math.max(0, value)),
      draw(9 * c * c),
      draw(n * n * c),
    ];
    const wanted = inDoubles(n, c, xs, ws, dys);
    const [shape, taps] = [
      [1, n, n, c],
      [3, 3, c, c],
    ];
    const [x, filter, dy] = [tensor(xs, shape), tensor(ws, taps), tensor(dys, shape)];
    for (const [way, winograd] of WAYS) {
      await useBackend('wasm', { threads: 1, winograd });
      const found = [
        await run('Conv2D', { x, filter }, {}),
        await run('Conv2DBackpropInput', { dy, filter }, { inputShape: shape }),
        await run('Conv2DBackpropFilter', { x, dy }, { filterShape: taps }),
      ];
      const errors = found.map((values, i) => rootMeanSquare(values, wanted[i]!));
      console.log([input, `${n}, ${c}`, way, ...errors].map((cell) => cell.padEnd(12)).join(''));
    }
  }
}
