import { join } from 'node:path';
import { AffinityNet, refineScores } from '@wsss/affinity';
import { trainAffinity } from '@wsss/affinity/train';
import { useBackend } from '@wsss/backend';
import { addBackground, multiScaleCam, seeds } from '@wsss/cam';
import { argmaxLabels, type HostTensor, hostTensor, VOC_CLASSES } from '@wsss/core';
import { classifierOf } from '@wsss/core/tensor';
import { crf, PSA_CRF } from '@wsss/crf';
import { writeMask } from '@wsss/datasets';
import { stateDict } from '@wsss/networks';
import { progressBar } from '@wsss/train';
import { openDevkit } from '../papers/devkit';
import { eachPhoto } from '../papers/each-photo';
import { loadFrom } from '../papers/load-network';
import type { PaperOptions } from '../papers/options';
import { besides, scoreMasks } from '../papers/score-masks';
import { drySegmentation, SEGMENTATION_STAGES, segmentationStages } from '../papers/segmentation-stages';
import { runStages, type Stage } from '../papers/stages';
import { readTensor, saveTensors } from '../papers/tensor-files';
import { psaSegmentation } from './segmentation-recipe';
import { dryPsa, PSA_NETWORKS, type PsaNetworkName, psaSettings } from './settings';
import { trainClassifier } from './train-classifier';

/** The names of the steps, in order. */
export const PSA_STAGES = ['classifier', 'cam', 'scores', 'affinity', 'walk', 'crf', ...SEGMENTATION_STAGES] as const;

/**
 * PSA's scripts, one after another: `train_cls.py`, `infer_cls.py` (maps, then scores of two exponents through a dense
 * CRF each), `train_aff.py`, `infer_aff.py`, the dense CRF of the paper, and its segmentation network.
 */
export async function runPsa(options: PaperOptions): Promise<Record<string, readonly string[]>> {
  const { devkit, out, limit, labels, seed, files } = options;
  const name = (options.network ?? 'resnet38d') as PsaNetworkName;
  const networks = PSA_NETWORKS[name];
  const settings = options.dryRun ? dryPsa(psaSettings(name)) : psaSettings(name);
  const backend = await useBackend(options.backend as Parameters<typeof useBackend>[0]);
  // Only scored with: masks are never learnt from.
  const scored = await openDevkit(devkit, { split: 'train', labels, limit, masks: true });
  const learned = await openDevkit(devkit, { split: options.list, labels, limit, masks: false });
  const all = [...new Set([...scored.ids, ...learned.ids])];
  const photoOf = (id: string) => (learnedIds.has(id) ? learned.get(id) : scored.get(id));
  const learnedIds = new Set(learned.ids);
  console.log(
    `PSA, ${name}, on ${backend.name}: ${learned.ids.length} photos to learn from, ${scored.ids.length} scored.`,
  );
  if (!files.weights) console.log('Without --weights networks begin with random values: the figures mean nothing.');

  const classes = VOC_CLASSES.length;
  const at = (folder: string, ending: string) => (id: string) => join(out, folder, `${id}.${ending}`);
  const camFile = at('cam', 'safetensors');
  const classifierFile = files.classifier ?? join(out, 'classifier.safetensors');
  const affinityFile = files.affinity ?? join(out, 'affinity.safetensors');
  const refined = async (image: HostTensor<Uint8Array>, cam: HostTensor, alpha: number) =>
    crf(image, withBackground(cam, alpha), PSA_CRF);

  const stages: Stage[] = [
    {
      name: 'classifier',
      about: 'a classifier from image-level labels (train_cls.py)',
      async run() {
        if (files.classifier) return [`taken from ${files.classifier}`];
        const network = networks.classifier({ classes, seed });
        try {
          const head = network.classifierWeights!.replace(/weight$/, '');
          if (files.weights) await loadFrom(network, files.weights, { newLayers: [head] });
          const folder = join(out, 'classifier-run');
          const history = await trainClassifier(network, learned, settings.classifier, { classes, seed, folder });
          await saveTensors(classifierFile, Object.fromEntries(await stateDict(network)));
          return [`${history.steps} steps, loss ${history.epochs.at(-1)!.loss.toFixed(4)}`];
        } finally {
          network.dispose();
        }
      },
    },
    {
      name: 'cam',
      about: 'class activation maps of four scales and mirror images (infer_cls.py)',
      async run() {
        const network = networks.classifier({ classes, seed });
        try {
          await loadFrom(network, classifierFile);
          const classifier = classifierOf(network);
          await eachPhoto('maps', all, camFile, async (id, file) => {
            const { image, classes: shown } = await photoOf(id);
            const [h, w] = image.shape as [number, number, number];
            const { scales } = settings;
            const none = hostTensor(new Float32Array(0), [h, w, 0]);
            const cam = shown.length ? await multiScaleCam(classifier, image, { classes: shown, scales }) : none;
            await saveTensors(file, { cam });
          });
        } finally {
          network.dispose();
        }
        const file = at('cam-masks', 'png');
        await eachPhoto('masks of the maps', scored.ids, file, async (id, path) => {
          const { classes: shown } = await scored.get(id);
          const cam = await readTensor(camFile(id), 'cam');
          const { threshold } = settings;
          await writeMask(path, shown.length ? await seeds(cam, { classes: shown, threshold }) : empty(cam));
        });
        const found = await scoreMasks('scores', scored, file);
        return [besides(`maps above ${settings.threshold}, train`, found, PUBLISHED[name].cam)];
      },
    },
    {
      name: 'scores',
      about: `a dense CRF each on the backgrounds with the exponents ${settings.alphas.join(' and ')} (infer_cls.py)`,
      async run() {
        await eachPhoto('scores', learned.ids, at('scores', 'safetensors'), async (id, file) => {
          const { image } = await learned.get(id);
          const cam = await readTensor(camFile(id), 'cam');
          const [low, high] = settings.alphas;
          await saveTensors(file, { low: await refined(image, cam, low), high: await refined(image, cam, high) });
        });
        return [`${learned.ids.length} photos`];
      },
    },
    {
      name: 'affinity',
      about: 'an AffinityNet from what the scores are sure of (train_aff.py)',
      async run() {
        if (files.affinity) return [`taken from ${files.affinity}`];
        const backbone = networks.affinity({ seed });
        if (files.weights) await loadFrom(backbone, files.weights, { newLayers: ['classifier'] });
        const network = AffinityNet(backbone, { head: networks.head, seed });
        try {
          const history = await trainAffinity(network, {
            ...settings.affinity,
            augmentation: settings.affinityAugmentation,
            items: learned.ids,
            async load(id) {
              const { image } = await learned.get(id);
              const file = at('scores', 'safetensors')(id);
              return { image, low: await readTensor(file, 'low'), high: await readTensor(file, 'high') };
            },
            seed,
            checkpoint: { directory: join(out, 'affinity-run'), every: 100 },
            onProgress: progressBar({ label: 'AffinityNet' }),
          });
          await saveTensors(affinityFile, Object.fromEntries(await stateDict(network)));
          return [`${history.steps} steps, loss ${history.epochs.at(-1)!.loss.toFixed(4)}`];
        } finally {
          network.dispose();
          backbone.dispose();
        }
      },
    },
    {
      name: 'walk',
      about: `a random walk with its affinities, background exponent ${settings.walkAlpha} (infer_aff.py)`,
      async run() {
        const backbone = networks.affinity({ seed });
        const network = AffinityNet(backbone, { head: networks.head, seed });
        try {
          await loadFrom(network, affinityFile);
          await eachPhoto('walks', all, at('walked', 'safetensors'), async (id, file) => {
            const { image } = await photoOf(id);
            const cam = await readTensor(camFile(id), 'cam');
            const scores = withBackground(cam, settings.walkAlpha);
            await saveTensors(file, {
              scores: await refineScores(scores, await network.predict(image), settings.walk),
            });
          });
        } finally {
          network.dispose();
          backbone.dispose();
        }
        const file = at('walk-masks', 'png');
        await eachPhoto('labels', all, file, async (id, path) => {
          const { classes: shown } = await photoOf(id);
          const scores = await readTensor(at('walked', 'safetensors')(id), 'scores');
          await writeMask(path, await argmaxLabels(scores, { classes: shown }));
        });
        const found = await scoreMasks('scores', scored, file);
        return [besides('walk, train', found, PUBLISHED[name].walk)];
      },
    },
    {
      name: 'crf',
      about: 'the dense CRF with which the paper ends, in the settings of its first one: these are the pseudo labels',
      async run() {
        const file = at('pseudo-labels', 'png');
        await eachPhoto('pseudo labels', all, file, async (id, path) => {
          const { image, classes: shown } = await photoOf(id);
          const scores = await readTensor(at('walked', 'safetensors')(id), 'scores');
          await writeMask(path, await argmaxLabels(await crf(image, scores, PSA_CRF), { classes: shown }));
        });
        const found = await scoreMasks('scores', scored, file);
        return [besides('pseudo labels, train', found, PUBLISHED[name].crf), `in ${join(out, 'pseudo-labels')}`];
      },
    },
  ];
  const last = psaSegmentation(name, { weights: files.weights, classes: classes + 1, seed });
  stages.push(
    ...segmentationStages(options.dryRun ? drySegmentation(last) : last, {
      out,
      learned,
      openVal: () => openDevkit(devkit, { split: 'val', labels, limit, masks: true }),
      labelsOf: at('pseudo-labels', 'png'),
      seed,
    }),
  );
  return runStages(stages, { out, settings: { name, settings, limit, seed, list: options.list }, only: options.steps });
}

const PUBLISHED: Readonly<Record<PsaNetworkName, { cam: string; walk: string; crf: string }>> = {
  resnet38d: {
    cam: '48.0 % (paper), 47.7 % (its code)',
    walk: '58.1 % (paper, exponents 4, 16, 24), 61.0 % (its code, 4, 16, 32)',
    crf: '59.7 % (paper, as later papers quote it)',
  },
  vgg16: { cam: '48.9 % (its code)', walk: '59.6 % (its code)', crf: 'none' },
  mobilenetV2: { cam: 'none', walk: 'none', crf: 'none' },
};

function withBackground(cam: HostTensor, alpha: number): HostTensor {
  const [h, w, C] = cam.shape as [number, number, number];
  if (C === 0) return hostTensor(new Float32Array(h * w).fill(1), [h, w, 1]);
  const scores = addBackground(cam, { alpha });
  try {
    return hostTensor(scores.dataSync() as Float32Array, scores.shape);
  } finally {
    scores.dispose();
  }
}

const empty = ({ shape: [h, w] }: HostTensor) => hostTensor(new Uint8Array(h! * w!), [h!, w!]);
