import {
  backend,
  getKernel,
  type KernelBackend,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  randomNormal,
  type TensorInfo,
} from '@tensorflow/tfjs-core';
import { type BackendOptions, useBackend } from '@wsss/backend';
import { gigaflops, type KernelCase, kernelCases } from './kernel-cases';
import { TorchKernels } from './kernels-torch';
import { median, writeResults } from './results';

// Kernels against those of tfjs-backend-wasm and torch, on one thread, and on two against one, in turns; times on one
// thread are the processor's, so that other programs change them little, those of two the clock's (give it a priority):
// node --import tsx --conditions=@wsss/source src/backend/kernels.ts [rounds] [part of a layer's name]
// It fails where our direct convolution is slower than the stock one: the compiler then no longer keeps the sums of the
// micro-kernel in registers.
const rounds = Number(process.argv[2] ?? 9);
const cases = kernelCases.filter(({ name }) => name.includes(process.argv[3] ?? ''));
const THREADS = 2;

const NAMES = {
  forward: ['Conv2D', 'DepthwiseConv2dNative'],
  'input gradient': ['Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropInput'],
  'filter gradient': ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter'],
} as const;
type Pass = keyof typeof NAMES;

/** Ways to compute with our kernels: how convolutions of 3×3 taps are made, and on how many threads. */
const WAYS = {
  ours: { threads: 1 },
  direct: { threads: 1, winograd: false },
  'tiles of 4': { threads: 1, winograd: 4 },
  'two threads': { threads: THREADS },
} as const satisfies Record<string, BackendOptions>;
type Way = keyof typeof WAYS;

// Asked for at the first start, so that the memory can be shared.
const { device } = await useBackend('wasm', { threads: THREADS, kernels: 'stock' });
const kernels = (): Map<string, KernelFunc> =>
  new Map(
    Object.values(NAMES)
      .flat()
      .flatMap((name) => {
        const kernel = getKernel(name, 'wasm');
        return kernel ? [[name, kernel.kernelFunc] as const] : [];
      }),
  );
const stock = kernels();
await useBackend('wasm', { threads: THREADS });
const ours = kernels();
for (const [name, kernel] of stock) if (ours.get(name) === kernel) throw new Error(`${name} is not ours`);
const torch = await TorchKernels.start();
if (!torch) console.log('no torch: apt-get install python3-torch libopenblas0-pthread, or set PYTHON');

const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

interface Seconds {
  readonly processor: number;
  readonly clock: number;
}

/** Each pass is run once before, so that none pays for what another left in the cache. */
function timed(kernelFunc: KernelFunc, inputs: object, attributes: object): Seconds {
  const call = { inputs: inputs as NamedTensorInfoMap, attrs: attributes as unknown as NamedAttrMap };
  const run = () => {
    const [start, clock] = [processorSeconds(), performance.now()];
    const result = kernelFunc({ ...call, backend: backend() }) as TensorInfo;
    const seconds = { clock: (performance.now() - clock) / 1000, processor: processorSeconds() - start };
    (backend() as KernelBackend).disposeData(result.dataId);
    return seconds;
  };
  run();
  return run();
}

async function measure(setting: KernelCase): Promise<Record<Pass, Record<string, Seconds[]>>> {
  const { input, filter, stride, dilation, depthwise = false } = setting;
  const output = [
    input[0],
    Math.ceil(input[1] / stride),
    Math.ceil(input[2] / stride),
    depthwise ? input[3] : filter[3],
  ];
  const [x, dy, w] = [input, output, filter].map((shape) => randomNormal([...shape]));
  const attributes = {
    strides: stride,
    dilations: dilation,
    pad: 'same',
    dataFormat: 'NHWC',
    dimRoundingMode: undefined,
  };
  const calls: Record<Pass, [object, object]> = {
    forward: [{ x, filter: w }, attributes],
    'input gradient': [
      { dy, filter: w },
      { ...attributes, inputShape: input },
    ],
    'filter gradient': [
      { x, dy },
      { ...attributes, filterShape: filter },
    ],
  };
  const winograd = filter[0] === 3 && stride === 1 && !depthwise;
  const ways = (Object.keys(WAYS) as Way[]).filter((way) => winograd || !('winograd' in WAYS[way]));
  const seconds: Record<Pass, Record<string, Seconds[]>> = {
    forward: {},
    'input gradient': {},
    'filter gradient': {},
  };
  for (let round = -2; round < rounds; round++) {
    for (const pass of Object.keys(NAMES) as Pass[]) {
      const record = (who: string, value: Seconds) => {
        seconds[pass][who] ??= [];
        // Two rounds to warm up.
        if (round >= 0) seconds[pass][who].push(value);
      };
      const name = NAMES[pass][depthwise ? 1 : 0];
      for (const way of ways) {
        await useBackend('wasm', WAYS[way]);
        record(way, timed(ours.get(name)!, ...calls[pass]));
      }
      // The stock gradient knows no dilation.
      const known = stock.get(name);
      if (known && (pass === 'forward' || dilation === 1)) record('stock', timed(known, ...calls[pass]));
      if (torch) {
        const { input: shape, filter: taps } = setting;
        const job = { name: pass, input: shape, filter: taps, stride, dilation, groups: depthwise ? input[3] : 1 };
        await torch.run(job);
        const processor = await torch.run(job);
        record('torch', { processor, clock: processor });
      }
    }
  }
  for (const tensor of [x, dy, w]) tensor!.dispose();
  return seconds;
}

const COLUMNS = ['GFLOP/s', 'stock', 'torch', 'direct', 'tiles of 4', 'threads'];
const results = [];
let failed = false;
console.log(
  `${device}, Node ${process.version}, median of ${rounds} rounds in turns.\n` +
    `stock: times as fast as tfjs-wasm; torch: its time in ours, direct: in ours without Winograd, tiles of 4: in ours so; ` +
    `threads: times as fast on ${THREADS} as on one`,
);
console.log(['layer'.padEnd(26), 'pass'.padEnd(16), ...COLUMNS.map((column) => column.padStart(10))].join(' '));
for (const setting of cases) {
  const passes = await measure(setting);
  for (const [pass, seconds] of Object.entries(passes) as [Pass, Record<string, Seconds[]>][]) {
    /** How often `b` goes into `a`, round by round. */
    const ratio = (a: string, b: string, time: keyof Seconds = 'processor'): number | undefined =>
      seconds[a] && seconds[b] && median(seconds[a].map((value, i) => value[time] / seconds[b]![i]![time]));
    const rate = gigaflops(setting) / median(seconds.ours!.map(({ processor }) => processor));
    const result = {
      gigaflops: rate,
      ofStock: ratio('stock', 'ours'),
      inTorch: ratio('ours', 'torch'),
      directInTorch: ratio('direct', 'torch'),
      directOfStock: ratio('stock', 'direct'),
      tilesOf4InTorch: ratio('tiles of 4', 'torch'),
      ofOneThread: ratio('ours', 'two threads', 'clock'),
    };
    results.push({ setting, pass, ...result, seconds });
    const { ofStock, inTorch, directInTorch, directOfStock, tilesOf4InTorch, ofOneThread } = result;
    const cells = [rate, ofStock, inTorch, directInTorch, tilesOf4InTorch, ofOneThread].map(
      (value, i) => value?.toFixed(i === 0 ? 1 : 2) ?? '–',
    );
    console.log([setting.name.padEnd(26), pass.padEnd(16), ...cells.map((cell) => cell.padStart(10))].join(' '));
    if (pass === 'forward' && directOfStock !== undefined && directOfStock < 1) failed = true;
  }
}
await torch?.stop();
writeResults(
  `backend-kernels-node${process.versions.node.split('.')[0]}`,
  { device, rounds, threads: THREADS },
  results,
);
if (failed) console.error('FAIL: the direct convolution is slower than the stock one: does the micro-kernel spill?');
process.exit(failed ? 1 : 0);
