import { type HostTensor, hostTensor } from '@wsss/core';
import {
  type Compatibility,
  DenseCrf,
  type EngineName,
  type Normalization,
  type TermOptions,
  unaryFromLabels,
  unaryFromSoftmax,
} from '@wsss/crf';
import { EXACT, type GoldenRun, permute, type ReferenceTensor, reshape } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

interface Term {
  type: 'gaussian' | 'bilateral' | 'energy';
  compat: Compatibility;
  kernel?: TermOptions['kernel'];
  normalization?: Normalization;
  sxy: number[];
  srgb: number[];
}

interface Unary {
  from: 'softmax' | 'labels';
  tensor: string;
  clip?: number | null;
  scale?: number | null;
  gt_prob: number;
  zero_unsure: boolean;
}

const classLast = (tensor: ReferenceTensor) => permute(tensor, [1, 0]);

goldenKind('crf/inference', async (run) => {
  run.describes('n_mod_4', 'argmax_margin_below_1e-3', 'alpha', 'generic_shape', 'image_source', 'scale_factor');
  const tolerance = { abs: run.parameter<number>('tolerance_abs_Q') ?? 1e-4 };
  for (const engine of ['wasm', 'plain'] as const) {
    const crf = await caseCrf(run, engine);
    for (const iterations of run.parameter<number[]>('iterations')!) {
      const q = flat(await crf.infer(iterations), crf);
      if (run.has(`Q${iterations}`)) {
        await run.compare(`Q${iterations}`, q, { tolerance, layout: classLast, via: engine });
      }
      if (run.has(`map${iterations}`)) await compareMap(run, iterations, q, engine);
    }
    const expected = run.sidecar.kl as number[];
    // 1e-4 of the value, and what float32 probabilities leave of a sum over all points.
    const divergence = { rel: 1e-4, abs: 1e-6 * crf.points };
    const found = await divergences(crf, expected.length);
    // Without a unary pydensecrf starts stepping from zeros, which is no distribution; every later value agrees.
    if (run.sidecar.unary === null) found[0] = 0;
    run.compareRecorded('kl', found, { tolerance: divergence, via: engine });
    crf.dispose();
  }
});

async function caseCrf(run: GoldenRun, engine: EngineName): Promise<DenseCrf> {
  const parameter = <T>(name: string) => run.parameter<T>(name);
  const [width, height] = [parameter<number>('width')!, parameter<number>('height')!];
  const classes = parameter<number>('labels')!;
  const image = parameter<string>('class') === 'DenseCRF2D';
  const size = image ? { height, width } : { points: height * width };
  const crf = new DenseCrf({ ...size, classes, compatibility: 'pydensecrf', engine });
  const unary = parameter<Unary | null>('unary');
  if (unary) crf.setUnary(await caseUnary(run, unary, classes));
  let energies = 0;
  for (const { type, sxy, srgb, compat, kernel, normalization } of parameter<Term[]>('terms')!) {
    const common = { compat, kernel, normalization };
    if (type === 'gaussian') crf.addGaussian({ ...common, sdims: sxy });
    else if (type === 'bilateral')
      crf.addBilateral({ ...common, sdims: sxy, schan: srgb, image: run.input<Uint8Array>('image') });
    else crf.addEnergy({ ...common, features: classLast(run.input(`features${energies++}`)) });
  }
  // Points have no image, but a case may hold the one that its features came from.
  if (run.has('image')) run.input<Uint8Array>('image');
  return crf;
}

async function caseUnary(run: GoldenRun, unary: Unary, classes: number): Promise<HostTensor> {
  if (unary.from === 'softmax') {
    const scores = classLast(run.input(unary.tensor));
    return unaryFromSoftmax(scores, { clip: unary.clip, scale: unary.scale ?? undefined });
  }
  const labels = run.input<Uint8Array>(unary.tensor);
  const costs = await unaryFromLabels(reshape(labels, [labels.values.length]), {
    classes,
    gtProb: unary.gt_prob,
    zeroUnsure: unary.zero_unsure,
  });
  return costs;
}

/** `[N, K]`, also of an image. */
const flat = (q: HostTensor, crf: DenseCrf) => hostTensor(q.values, [crf.points, crf.classes]);

/** Equal labels wherever the two best classes are more than 1e-3 apart. */
async function compareMap(run: GoldenRun, iterations: number, q: HostTensor, via: string): Promise<void> {
  const [points, classes] = q.shape as [number, number];
  const stored = run.input<Uint8Array>(`map${iterations}`).values;
  const labels = Uint8Array.from({ length: points }, (_, i) => {
    const row = q.values.subarray(i * classes, (i + 1) * classes);
    const best = row.indexOf(Math.max(...row));
    const second = Math.max(...row.filter((_, c) => c !== best), 0);
    return row[best]! - second > 1e-3 ? best : stored[i]!;
  });
  await run.compare(`map${iterations}`, hostTensor(labels, [points]), { tolerance: EXACT, via });
}

async function divergences(crf: DenseCrf, count: number): Promise<number[]> {
  await crf.start();
  const found = [await crf.klDivergence()];
  while (found.length < count) {
    await crf.step();
    found.push(await crf.klDivergence());
  }
  return found;
}
