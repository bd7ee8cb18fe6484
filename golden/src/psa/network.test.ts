import { engine, keep, type Tensor, type Tensor4D, tensor, tensor4d, tidy, transpose } from '@tensorflow/tfjs-core';
import { AffinityNet } from '@wsss/affinity';
import { useBackend } from '@wsss/backend';
import { classActivationMap } from '@wsss/cam';
import { hostTensor, normalizeImage, type TensorLike } from '@wsss/core';
import { classifierOf } from '@wsss/core/tensor';
import { loadWeights, type Network, resnet38d, vgg16 } from '@wsss/networks';
import {
  EXACT,
  type GoldenRun,
  nhwc,
  psaFormulaImage,
  psaFormulaWeight,
  type ReferenceTensor,
  readPath,
  toNumbers,
} from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';
import { layerStatistics } from '../suite/layer-statistics';

// spec/psa, section 17: 1e-4 of the layer's standard deviation. Bytes and weights come from a formula, exactly.
const SHARE = 1e-4;

goldenKind('psa/f', async (run) => {
  const [backbone, head] = run.parameter<string>('network')!.split('_');
  const classifies = head === 'cls';
  // AffinityNet dilates fc6.
  const [, classes] = (readPath(run.sidecar, 'output_stats_float64/logits/shape') ?? []) as number[];
  const options = { initialise: false, ...(classifies && { classes }) };
  await useBackend('wasm');
  const told = new Map<string, Tensor>();
  engine().startScope();
  const network = backbone === 'resnet38' ? resnet38d(options) : vgg16({ ...options, fc6Dilation: classifies ? 1 : 4 });
  const affinity = classifies
    ? undefined
    : AffinityNet(network, { head: backbone === 'resnet38' ? 'resnet38d' : 'vgg16', initialise: false });
  try {
    await loadFormula(run, affinity ?? network);
    const images = await formulaInput(run, network);
    const onLayer = (name: string, output: Tensor) => {
      told.get(name)?.dispose();
      told.set(name, keep(output.clone()));
    };
    const taps = network.forward(images, { taps: Object.keys(network.taps), onLayer });
    await compareTaps(run, taps);
    if (classifies) {
      await compareMaps(run, network, taps);
      await compareOutput(run, 'logits', network.logits(images, { onLayer }));
    }
    if (affinity) await compareOutput(run, 'aff', affinity.affinities(images, { onLayer }));
    await compareLayers(run, told);
  } finally {
    affinity?.dispose();
    network.dispose();
    for (const output of told.values()) output.dispose();
    engine().endScope();
  }
  run.describes('facts', 'layers/*/torch_f32_max_abs_dev_over_std');
});

async function loadFormula(run: GoldenRun, network: Pick<Network, 'parameters'>): Promise<void> {
  const salt = run.parameter<number>('salt')!;
  const weights = new Map(
    [...network.parameters].map(([key, { shape }]) => [key, formulaWeights(key, torchShape(shape), salt)]),
  );
  for (const [key, recorded] of Object.entries(run.sidecar.weight_check as Record<string, number[]>)) {
    const ours = await weights.get(key)?.data();
    if (!ours) continue;
    const first = recorded.map((_, i) => Number(ours[i]));
    run.compareRecorded(`weight_check/${key}`, first, { tolerance: EXACT });
  }
  await loadWeights(network, weights, { names: 'official' });
}

async function formulaInput(run: GoldenRun, network: Network): Promise<Tensor4D> {
  const [h, w] = [run.parameter<number>('H')!, run.parameter<number>('W')!];
  const image = psaFormulaImage(h, w, run.parameter<number>('salt')!);
  run.compareRecorded('image_first12', [...image.subarray(0, 12)], { tolerance: EXACT });
  const { values } = await normalizeImage(hostTensor(image, [h, w, 3]), network.preprocess);
  // As in the kind n.
  await run.compare('input', hostTensor(values, [1, h, w, 3]), { tolerance: { abs: 1e-6 }, layout: nhwc });
  return tensor4d(values, [1, h, w, 3]);
}

/** Every layer as the network told of it. */
async function compareLayers(run: GoldenRun, told: ReadonlyMap<string, Tensor>): Promise<void> {
  for (const [i, { name, std }] of layers(run).entries()) {
    const output = told.get(name.replace(' (block output)', ''));
    if (!output) continue;
    run.compareRecorded(`layers/${i}`, await layerStatistics(output), { tolerance: { abs: SHARE * std }, via: name });
  }
}

async function compareTaps(run: GoldenRun, taps: Record<string, Tensor>): Promise<void> {
  for (const [name, output] of Object.entries(taps)) {
    const tolerance = { abs: SHARE * deviation(run, `tap_stats_float64/${name}`) };
    run.compareRecorded(`tap_stats_float64/${name}`, await layerStatistics(output), { tolerance });
    for (const [stored] of run.names(new RegExp(`^tap_${name}_ch0$`))) {
      const channels = run.input(stored).shape[1]!;
      await run.compare(stored, await firstChannels(output, channels), { tolerance, layout: nhwc });
    }
  }
}

async function compareMaps(run: GoldenRun, network: Network, taps: Record<string, Tensor>): Promise<void> {
  const { weights, activation = 'relu', tap } = classifierOf(network);
  const rows = tensor((await weights.data()) as Float32Array, [...weights.shape]);
  const cam = tidy(() => classActivationMap(taps[tap]!, rows, { activation }));
  if (activation === 'sqrtRelu') await compareSquares(run, cam);
  else await compareOutput(run, 'cam', cam);
}

/** A root magnifies what is near 0 without bound, so that its square is held to the tolerance of the layer under it. */
async function compareSquares(run: GoldenRun, cam: Tensor): Promise<void> {
  const squares = (values: ArrayLike<number>) => Float64Array.from(values, (value) => value ** 2);
  const ours = hostTensor(squares(await cam.data()), cam.shape);
  const tolerance = { abs: SHARE * deviation(run, `layers/${layers(run).findIndex(({ name }) => name === 'fc8')}`) };
  const layout = (stored: ReferenceTensor) => {
    const { values, shape } = nhwc(stored);
    return { values: squares(toNumbers(values)), shape };
  };
  for (const name of ['cam', 'cam_f64']) {
    if (run.has(name)) await run.compare(name, ours, { tolerance, layout, via: 'squared' });
  }
  const recorded = { abs: SHARE * deviation(run, 'output_stats_float64/cam') };
  run.compareRecorded('output_stats_float64/cam', await layerStatistics(cam), { tolerance: recorded });
}

/** An output that is stored as float32 and float64 gave it, with its statistics. */
async function compareOutput(run: GoldenRun, name: string, output: Tensor): Promise<void> {
  const tolerance = { abs: SHARE * deviation(run, `output_stats_float64/${name}`) };
  // Affinities [n, P, M] have no channels to come last: M is what torch has there, too.
  const ordered = output.rank === 3 ? transpose(output, [0, 2, 1]) : output;
  run.compareRecorded(`output_stats_float64/${name}`, await layerStatistics(ordered), { tolerance });
  const layout = output.rank === 4 ? nhwc : undefined;
  for (const stored of [name, `${name}_f64`]) {
    if (run.has(stored)) await run.compare(stored, output, { tolerance, layout });
  }
}

const layers = (run: GoldenRun) => run.sidecar.layers as { name: string; std: number }[];

const deviation = (run: GoldenRun, path: string) => (readPath(run.sidecar, path) as { std: number }).std;

async function firstChannels(output: Tensor, channels: number) {
  const values = await output.data();
  const C = output.shape.at(-1)!;
  const first = Float32Array.from(values).filter((_, i) => i % C < channels);
  return hostTensor(first, [...output.shape.slice(0, -1), channels]);
}

/** Made when they are read, because a ResNet-38 has a hundred million. */
const formulaWeights = (key: string, shape: readonly number[], salt: number): TensorLike => ({
  shape,
  dtype: 'float32',
  data: async () => psaFormulaWeight(key, shape, salt),
});

/** `[kh, kw, in, out]` → `[out, in, kh, kw]`. */
const torchShape = (shape: readonly number[]) =>
  shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;
