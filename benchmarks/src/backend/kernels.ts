import { execSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  backend,
  getKernel,
  type KernelBackend,
  type KernelFunc,
  type NamedAttrMap,
  type NamedTensorInfoMap,
  randomNormal,
  type TensorInfo,
  version_core,
} from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { gigaflops, type KernelCase, kernelCases } from './kernel-cases';
import { TorchKernels } from './kernels-torch';

// Kernels against those of tfjs-backend-wasm and torch, on one thread, in turns; times are the processor's, so that
// other programs change them little: node --import tsx --conditions=@wsss/source src/backend/kernels.ts [rounds] [part of a layer's name]
// It fails where our direct convolution is slower than the stock one: the compiler then no longer keeps the sums of the
// micro-kernel in registers.
const rounds = Number(process.argv[2] ?? 9);
const cases = kernelCases.filter(({ name }) => name.includes(process.argv[3] ?? ''));

const NAMES = {
  forward: ['Conv2D', 'DepthwiseConv2dNative'],
  'input gradient': ['Conv2DBackpropInput', 'DepthwiseConv2dNativeBackpropInput'],
  'filter gradient': ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter'],
} as const;
type Pass = keyof typeof NAMES;

const { device } = await useBackend('wasm');
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
await import('@wsss/backend/gradients');
const ours = kernels();
const torch = await TorchKernels.start();
if (!torch) console.log('no torch: apt-get install python3-torch libopenblas0-pthread, or set PYTHON');

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** Short passes are run once before, so that none pays for what another left in the cache. */
function timed(kernelFunc: KernelFunc, inputs: object, attributes: object, short: boolean): number {
  const call = { inputs: inputs as NamedTensorInfoMap, attrs: attributes as unknown as NamedAttrMap };
  const run = () => {
    const start = processorSeconds();
    const result = kernelFunc({ ...call, backend: backend() }) as TensorInfo;
    const seconds = processorSeconds() - start;
    (backend() as KernelBackend).disposeData(result.dataId);
    return seconds;
  };
  if (short) run();
  return run();
}

async function measure(setting: KernelCase) {
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
  const short = gigaflops(setting) < 0.5;
  const seconds: Record<string, Record<string, number[]>> = {};
  const record = (pass: string, who: string, value: number, round: number) => {
    seconds[pass] ??= {};
    seconds[pass][who] ??= [];
    // Two rounds to warm up.
    if (round >= 0) seconds[pass][who].push(value);
  };
  for (let round = -2; round < rounds; round++) {
    for (const pass of Object.keys(NAMES) as Pass[]) {
      const name = NAMES[pass][depthwise ? 1 : 0];
      record(pass, 'ours', timed(ours.get(name)!, ...calls[pass], short), round);
      // The stock gradient knows no dilation.
      const known = stock.get(name);
      if (known && (pass === 'forward' || dilation === 1))
        record(pass, 'stock', timed(known, ...calls[pass], short), round);
      if (torch) {
        const { input: shape, filter: taps } = setting;
        const job = { name: pass, input: shape, filter: taps, stride, dilation, groups: depthwise ? input[3] : 1 };
        if (short) await torch.run(job);
        record(pass, 'torch', await torch.run(job), round);
      }
    }
  }
  for (const tensor of [x, dy, w]) tensor!.dispose();
  return seconds;
}

const results = [];
let failed = false;
console.log(`${device}, Node ${process.version}, median of ${rounds} rounds in turns; ratios above 1: ours is faster`);
const columns = ['GFLOP/s', 'of stock', 'of torch'];
console.log(['layer'.padEnd(28), 'pass'.padEnd(16), ...columns.map((column) => column.padStart(9))].join(' '));
for (const setting of cases) {
  const seconds = await measure(setting);
  for (const [pass, { ours: mine, ...peers }] of Object.entries(seconds)) {
    const rate = gigaflops(setting) / median(mine!);
    const ratio = (peer: string) => {
      const times = peers[peer];
      return times && median(times.map((time, i) => time / mine![i]!));
    };
    const [ofStock, ofTorch] = [ratio('stock'), ratio('torch')];
    results.push({ setting, pass, gigaflops: rate, ofStock, ofTorch, seconds: { ours: mine, ...peers } });
    const cells = [rate.toFixed(1), ofStock?.toFixed(2) ?? '–', ofTorch?.toFixed(2) ?? '–'];
    console.log([setting.name.padEnd(28), pass.padEnd(16), ...cells.map((cell) => cell.padStart(9))].join(' '));
    if (pass === 'forward' && !setting.depthwise && setting.dilation > 1 && ofStock! < 1) failed = true;
  }
}
await torch?.stop();

const folder = fileURLToPath(new URL('../../out/', import.meta.url));
mkdirSync(folder, { recursive: true });
const metadata = {
  date: new Date().toISOString(),
  commit: execSync('git rev-parse --short HEAD').toString().trim(),
  node: process.version,
  tfjs: version_core,
  processor: cpus()[0]?.model,
  cores: cpus().length,
  load: loadavg(),
  device,
  rounds,
};
writeFileSync(`${folder}backend-kernels.json`, `${JSON.stringify({ metadata, results }, null, 2)}\n`);
console.log(`wrote ${folder}backend-kernels.json`);
if (failed) console.error('FAIL: the direct convolution is slower than the stock one: does the micro-kernel spill?');
process.exit(failed ? 1 : 0);
