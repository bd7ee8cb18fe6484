import { add, dispose, engine, keep, type Scalar, type Tensor, tensor4d, variableGrads } from '@tensorflow/tfjs-core';
import { useBackend } from '@wsss/backend';
import { hostTensor, type TensorLike } from '@wsss/core';
import { flipHorizontal } from '@wsss/core/kernels';
import { loadWeights, resnet50 } from '@wsss/networks';
import { addMirrored, explorePrototypes, SipeNet } from '@wsss/sipe';
import { validMask } from '@wsss/sipe/kernels';
import { imageSpecificCam } from '@wsss/sipe/tensor';
import { sipeLoss, sipeOptimizer } from '@wsss/sipe/train';
import {
  EXACT,
  type GoldenRun,
  hwc,
  nhwc,
  type ReferenceTensor,
  readPath,
  reshape,
  sipeFormulaWeight,
} from '@wsss/testing';
import { clipByGlobalNorm } from '@wsss/train';
import { expect } from 'vitest';
import { goldenKind } from '../suite/golden-kind';
import { layerStatistics } from '../suite/layer-statistics';
import { allChannels, seedNumbers } from './batches';

// index.json, kind f: 1e-4, and 1e-3 of the largest value; seeds are equal.
const suggested = { abs: 1e-4, rel: 1e-3 };

goldenKind('sipe/f', async (run) => {
  await useBackend('wasm');
  engine().startScope();
  const classes = run.parameter<number>('K')! - 1;
  const backbone = resnet50({ classes, initialise: false });
  const network = new SipeNet(backbone, { classes });
  try {
    await loadFormula(network, run.parameter<number>('weight_seed')!);
    if (run.has('image_pair')) await checkInference(run, network);
    else await checkTraining(run, network);
  } finally {
    network.dispose();
    backbone.dispose();
    engine().endScope();
  }
});

/** The names of the official checkpoint. */
const theirs = (name: string) => (/^(conv1|bn1|layer\d)\./.test(name) ? `resnet50.${name}` : name);

async function loadFormula(network: SipeNet, seed: number): Promise<void> {
  const weights = new Map(
    [...network.parameters].map(([name, { shape }]): [string, TensorLike] => {
      const [kh, kw, I, O] = shape as [number, number, number, number];
      const torch = shape.length === 4 ? [O, I, kh, kw] : shape;
      const key = theirs(name);
      // Made when they are read.
      return [key, { shape: torch, dtype: 'float32', data: async () => sipeFormulaWeight(key, torch, seed) }];
    }),
  );
  const { missing, unused } = await loadWeights(network, weights, { names: 'sipe' });
  expect([...missing, ...unused]).toEqual([]);
}

async function checkTraining(run: GoldenRun, network: SipeNet): Promise<void> {
  const tolerance = run.suggested ?? suggested;
  const images = nhwc(run.input('image'));
  const labels = run.input('label');
  const { values, shape } = run.input<Int32Array>('valid_mask_fullres_box');
  const boxes = Array.from({ length: shape[0]! }, (_, i) => {
    const [top, bottom, left, right] = values.subarray(4 * i, 4 * i + 4) as unknown as [number, number, number, number];
    return { top, left, height: bottom - top, width: right - left };
  });
  const [n, h, w] = images.shape as [number, number, number];
  const batch = { images, labels: hostTensor(labels.values, labels.shape), boxes };
  const cells = run.input('valid_mask_low').shape.slice(2) as [number, number];
  const mask = hostTensor(validMask(boxes, labels.values, [h, w], cells), [n, ...cells, network.classes + 1]);
  await run.compare('valid_mask_low', mask, { tolerance: EXACT, layout: nhwc });

  // The layers of one pass, and every step of the exploration.
  const told = new Map<string, Tensor>();
  const kept = (name: string, output: Tensor) => {
    told.get(name)?.dispose();
    told.set(name, keep(output.clone()));
  };
  const losses = sipeLoss(network, batch, {
    onLayer: kept,
    onExploration(forward, { cam, iou, seeds, isCam, prototypes }) {
      const { maps: raw_cam, logits: score, hierarchical } = forward;
      const normalised = imageSpecificCam(hierarchical, prototypes, { normalize: true });
      const found = { raw_cam, score, norm_cam: cam, iou, seeds, is_cam: isCam, is_cam_norm: normalised };
      for (const [name, output] of Object.entries(found)) kept(`tensor ${name}`, output);
    },
  });
  const scalar = { tolerance, layout: (stored: ReferenceTensor) => reshape(stored, []) };
  await run.compare('loss_cls', losses.classification, scalar);
  await run.compare('loss_gsc', losses.consistency, scalar);
  for (const name of ['raw_cam', 'norm_cam', 'iou', 'is_cam', 'is_cam_norm']) {
    await run.compare(name, told.get(`tensor ${name}`)!, { tolerance, layout: nhwc });
  }
  await run.compare('score', told.get('tensor score')!, { tolerance });
  const layout = (stored: ReferenceTensor) => seedNumbers(nhwc(stored));
  await run.compare('seeds', told.get('tensor seeds')!, { tolerance: EXACT, layout });
  if (run.has('x4')) {
    const channels = run.input('x4').shape[1]!;
    await run.compare('x4', await firstChannels(told.get('layer4.2')!, channels), { tolerance, layout: nhwc });
  }
  const layers = run.sidecar.layers as Record<string, unknown>;
  for (const name of Object.keys(layers)) {
    const output = told.get(ours[name] ?? name);
    if (output) await compareLayer(run, `layers/${name}`, output);
  }
  for (const output of told.values()) output.dispose();

  const first = { values: images.values.slice(0, h * w * 3), shape: [h, w, 3] as const };
  const classes = [...labels.values.subarray(0, network.classes)].flatMap((label, c) => (label ? [c + 1] : []));
  const pair = [first.values, flipHorizontal(first.values, first.shape)];
  const { exploration } = await infer(network, pair, [h, w], classes);
  const channels = network.classes + 1;
  await run.compare('infer_norm_cam', exploration.cam, { tolerance, layout: hwc });
  const isCam = allChannels(exploration.isCam, classes, channels);
  await run.compare('infer_is_cam', isCam, { tolerance, layout: hwc });

  await compareGradients(run, network, batch);
  await compareSteps(run, network, batch);
  run.describes('float64_reference', 'optimizer', 'optimizer_steps/*/min_iou_top2_margin');
}

async function checkInference(run: GoldenRun, network: SipeNet): Promise<void> {
  const tolerance = run.suggested ?? suggested;
  const { values, shape } = nhwc(run.input('image_pair'));
  const [, h, w] = shape as [number, number, number];
  const present = run.input('label_with_bg').values;
  const classes = [...present].flatMap((label, c) => (c > 0 && label ? [c] : []));
  const pair = [values.subarray(0, h * w * 3), values.subarray(h * w * 3)];
  const told = new Map<string, Tensor>();
  const { maps, exploration } = await infer(network, pair, [h, w], classes, (name, output) => {
    told.get(name)?.dispose();
    told.set(name, keep(output.clone()));
  });
  await run.compare('raw_cam', maps, { tolerance, layout: nhwc });
  await run.compare('norm_cam', exploration.cam, { tolerance, layout: hwc });
  await run.compare('iou', exploration.iou, { tolerance, layout: hwc });
  const isCam = allChannels(exploration.isCam, classes, present.length);
  await run.compare('is_cam', isCam, { tolerance, layout: hwc });
  for (const name of Object.keys(run.sidecar.layers as object)) {
    const output = told.get(ours[name] ?? name);
    if (output) await compareLayer(run, `layers/${name}`, output);
  }
  for (const output of told.values()) output.dispose();
}

/** The released inference on an image and its mirror image, both normalised. */
async function infer(
  network: SipeNet,
  pair: readonly Float32Array[],
  [h, w]: readonly [number, number],
  classes: readonly number[],
  onLayer?: (name: string, output: Tensor) => void,
) {
  const both = new Float32Array(2 * h * w * 3);
  for (const [i, values] of pair.entries()) both.set(values, i * h * w * 3);
  const images = tensor4d(both, [2, h, w, 3]);
  const { maps, hierarchical } = network.forward(images, onLayer ? { onLayer } : {});
  const image = async (batch: Tensor, i: number) => {
    const values = (await batch.data()) as Float32Array;
    const size = values.length / 2;
    return hostTensor(values.slice(i * size, (i + 1) * size), batch.shape.slice(1));
  };
  const view = async (i: number) => {
    const features = await image(hierarchical, i);
    return { maps: await image(maps, i), structure: features, prototype: features };
  };
  const fused = await addMirrored(await view(0), await view(1));
  return { maps, exploration: await explorePrototypes(fused, { classes, absent: 'compete' }) };
}

/** What our layers are called where it is not their official name. */
const ours: Record<string, string> = { stage0: 'maxpool', hie_fea: 'hierarchical', stage4: 'layer4.2' };

async function compareLayer(run: GoldenRun, path: string, output: Tensor): Promise<void> {
  const { min, max, last8, ...statistics } = await layerStatistics(output);
  const { std, absmax } = readPath(run.sidecar, path) as { std: number; absmax: number };
  const tolerance = run.suggested ?? suggested;
  const found = { ...statistics, absmax: Math.max(-min, max) };
  for (const [name, value] of Object.entries(found)) {
    // Of the layer, not of the number itself: a mean may be near 0.
    const size = name === 'mean' || name === 'std' ? std : absmax;
    const allowed = name === 'shape' ? EXACT : { abs: tolerance.abs! + tolerance.rel! * size };
    run.compareRecorded(`${path}/${name}`, value, { tolerance: allowed });
  }
}

type Batch = Parameters<typeof sipeLoss>[1];

function gradientsOf(network: SipeNet, batch: Batch) {
  const trained = [...network.parameters.values()].filter(({ trainable }) => trainable);
  let terms: { classification: Scalar; consistency: Scalar } | undefined;
  const { value, grads } = variableGrads(() => {
    const losses = sipeLoss(network, batch);
    terms = { classification: keep(losses.classification.clone()), consistency: keep(losses.consistency.clone()) };
    return add(losses.classification, losses.consistency) as Scalar;
  }, trained);
  value.dispose();
  return { grads, terms: terms! };
}

async function compareGradients(run: GoldenRun, network: SipeNet, batch: Batch): Promise<void> {
  const { grads, terms } = gradientsOf(network, batch);
  dispose(terms);
  const named = new Map([...network.parameters].map(([name, variable]) => [theirs(name), variable]));
  const without = [...named].filter(([key, { trainable }]) => !trainable && !key.includes('running_'));
  expect(without.map(([key]) => key).sort()).toEqual([...(run.sidecar.no_grad_params as string[])].sort());
  run.describes('no_grad_params');

  const recorded = run.sidecar.grads_total_loss as Record<string, { l2: number; shape: number[] }>;
  for (const [key, { l2, shape }] of Object.entries(recorded)) {
    const values = torchOrder(await grads[named.get(key)!.name]!.data(), named.get(key)!.shape);
    const found = {
      shape: torchShape(named.get(key)!.shape),
      l2: Math.sqrt(values.reduce((sum, value) => sum + value * value, 0)),
      sum: values.reduce((sum, value) => sum + value, 0),
      first8: [...values.subarray(0, 8)],
    };
    // Stricter than index.json where gradients are small, for which its 1e-4 says nothing: 1e-3 of the norm and of the
    // sum, 1e-2 of a value's mean size. A ReLU within rounding of 0 passes its gradient or not, which shows in values.
    const size = shape.reduce((product, n) => product * n, 1);
    const { abs, rel } = run.suggested ?? suggested;
    const mean = l2 / Math.sqrt(size);
    run.compareRecorded(`grads_total_loss/${key}/shape`, found.shape, { tolerance: EXACT });
    run.compareRecorded(`grads_total_loss/${key}/l2`, found.l2, { tolerance: { rel } });
    run.compareRecorded(`grads_total_loss/${key}/sum`, found.sum, {
      tolerance: { abs: rel! * l2, rel },
    });
    run.compareRecorded(`grads_total_loss/${key}/first8`, found.first8, {
      tolerance: { abs: Math.min(abs!, 10 * rel! * mean), rel },
    });
  }
  const weight = named.get('classifier.weight')!;
  const [, , F, C] = weight.shape as [number, number, number, number];
  const rows = torchOrder(await grads[weight.name]!.data(), weight.shape);
  const part = run.input('grad_classifier_weight').shape[1]!;
  const first = Float32Array.from({ length: C * part }, (_, i) => rows[Math.floor(i / part) * F + (i % part)]!);
  const result = hostTensor(first, [C, part]);
  await run.compare('grad_classifier_weight', result, { tolerance: run.suggested ?? suggested });
  dispose(grads);
}

interface Step {
  /** Absent after the last update, where only the losses are recorded. */
  readonly params_after?: Record<string, number[]>;
}

async function compareSteps(run: GoldenRun, network: SipeNet, batch: Batch): Promise<void> {
  const { lr, weight_decay, max_step, clip_norm } = run.sidecar.optimizer as {
    lr: [number, number];
    weight_decay: number;
    max_step: number;
    clip_norm: number;
  };
  const optimizer = sipeOptimizer(network, {
    maxSteps: max_step,
    learningRate: lr[0],
    newLayers: lr[1] / lr[0],
    weightDecay: weight_decay,
  });
  const tolerance = run.suggested ?? suggested;
  const named = new Map([...network.parameters].map(([name, variable]) => [theirs(name), variable]));
  for (const [i, { params_after }] of (run.sidecar.optimizer_steps as Step[]).entries()) {
    const path = `optimizer_steps/${i}`;
    const { grads, terms } = gradientsOf(network, batch);
    const values = async (term: Tensor) => (await term.data())[0]!;
    run.compareRecorded(`${path}/loss_cls`, await values(terms.classification), { tolerance });
    run.compareRecorded(`${path}/loss_gsc`, await values(terms.consistency), { tolerance });
    dispose(terms);
    if (params_after) {
      const rates = [1, lr[1] / lr[0]].map((multiplier) => optimizer.learningRate * multiplier);
      run.compareRecorded(`${path}/lr_groups`, rates, { tolerance: { rel: 1e-12 } });
      const clipped = clipByGlobalNorm(grads, clip_norm);
      run.compareRecorded(`${path}/total_grad_norm_before_clip`, await values(clipped.norm), { tolerance });
      optimizer.step(clipped.gradients);
      dispose([clipped.gradients, clipped.norm]);
      for (const [key, stored] of Object.entries(params_after)) {
        const after = torchOrder(await named.get(key)!.data(), named.get(key)!.shape);
        const first = [...after.subarray(0, stored.length)];
        // Parameters are below 2, where float32 is 1.2e-7 apart, and an update is at most 1.
        run.compareRecorded(`${path}/params_after/${key}`, first, { tolerance: { abs: 1e-6 } });
      }
    }
    dispose(grads);
  }
  optimizer.dispose();
}

const torchShape = (shape: readonly number[]) =>
  shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : [...shape];

/** `[kh, kw, I, O]` to `[O, I, kh, kw]`. */
function torchOrder(values: ArrayLike<number>, shape: readonly number[]): Float64Array {
  if (shape.length !== 4) return Float64Array.from(values);
  const [kh, kw, I, O] = shape as [number, number, number, number];
  const out = new Float64Array(values.length);
  let at = 0;
  for (let o = 0; o < O; o++) {
    for (let i = 0; i < I; i++) {
      for (let y = 0; y < kh; y++) for (let x = 0; x < kw; x++) out[at++] = values[((y * kw + x) * I + i) * O + o]!;
    }
  }
  return out;
}

async function firstChannels(output: Tensor, channels: number) {
  const values = await output.data();
  const C = output.shape.at(-1)!;
  const first = Float32Array.from(values).filter((_, i) => i % C < channels);
  return hostTensor(first, [...output.shape.slice(0, -1), channels]);
}
