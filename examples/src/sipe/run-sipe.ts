import { join } from 'node:path';
import { IrnNet, irLabelMap, irnWalk } from '@wsss/affinity';
import { trainIrn } from '@wsss/affinity/train';
import { useBackend } from '@wsss/backend';
import { argmaxLabels, type HostTensor, hostTensor, resizeBilinear, VOC_CLASSES } from '@wsss/core';
import { crop } from '@wsss/core/kernels';
import { crfFromLabels } from '@wsss/crf';
import { readMask, writeMask } from '@wsss/datasets';
import { stateDict } from '@wsss/networks';
import { multiScaleIsCam, SipeNet } from '@wsss/sipe';
import { trainSipe } from '@wsss/sipe/train';
import { progressBar } from '@wsss/train';
import { openDevkit } from '../papers/devkit';
import { eachPhoto } from '../papers/each-photo';
import { loadFrom } from '../papers/load-network';
import type { PaperOptions } from '../papers/options';
import { besides, scoreMasks } from '../papers/score-masks';
import { drySegmentation, SEGMENTATION_STAGES, segmentationStages } from '../papers/segmentation-stages';
import { runStages, type Stage } from '../papers/stages';
import { readTensor, saveTensors } from '../papers/tensor-files';
import { sipeSegmentation } from './segmentation-recipe';
import { DRY_SIPE_SETTINGS, SIPE_NETWORKS, SIPE_SETTINGS, type SipeNetworkName } from './settings';

/** The names of the steps, in order. */
export const SIPE_STAGES = ['train', 'cam', 'ir', 'irn', 'labels', ...SEGMENTATION_STAGES] as const;

/**
 * SIPE's scripts, one after another: `train.py`, `make_cam.py` with its evaluation, `cam2ir.py`, `train_irn.py`,
 * `make_seg_labels.py`, and the segmentation network.
 */
export async function runSipe(options: PaperOptions): Promise<Record<string, readonly string[]>> {
  const { devkit, out, limit, labels, seed, files } = options;
  const name = (options.network ?? 'resnet50') as SipeNetworkName;
  const networks = SIPE_NETWORKS[name];
  const settings = options.dryRun ? DRY_SIPE_SETTINGS : SIPE_SETTINGS;
  const { backgroundFactor } = networks;
  const backend = await useBackend(options.backend as Parameters<typeof useBackend>[0]);
  // Only scored with: masks are never learnt from.
  const scored = await openDevkit(devkit, { split: 'train', labels, limit, masks: true });
  const learned = await openDevkit(devkit, { split: options.list, labels, limit, masks: false });
  const learnedIds = new Set(learned.ids);
  // The released scripts make maps of the 1,464 photos only, and go on with the 10,582: the longer list is meant.
  const all = [...new Set([...scored.ids, ...learned.ids])];
  const photoOf = (id: string) => (learnedIds.has(id) ? learned.get(id) : scored.get(id));
  console.log(
    `SIPE, ${name}, on ${backend.name}: ${learned.ids.length} photos to learn from, ${scored.ids.length} scored.`,
  );
  if (!files.weights) console.log('Without --weights networks begin with random values: the figures mean nothing.');

  const classes = VOC_CLASSES.length;
  const at = (folder: string, ending: string) => (id: string) => join(out, folder, `${id}.${ending}`);
  const mapFile = at('is-cam', 'safetensors');
  const irFile = at('ir-labels', 'png');
  const sipeFile = files.sipe ?? join(out, 'sipe.safetensors');
  const irnFile = files.irn ?? join(out, 'irn.safetensors');

  const withSipe = async <T>(use: (network: SipeNet) => Promise<T>): Promise<T> => {
    const trunk = networks.trunk({ classes, seed });
    const network = new SipeNet(trunk, { classes, seed });
    try {
      return await use(network);
    } finally {
      network.dispose();
      trunk.dispose();
    }
  };
  const withIrn = async <T>(use: (network: IrnNet) => Promise<T>): Promise<T> => {
    const trunk = networks.irn({ seed });
    const network = IrnNet(trunk, { ...(networks.irnTaps && { taps: networks.irnTaps }), seed });
    try {
      return await use(network);
    } finally {
      network.dispose();
      trunk.dispose();
    }
  };

  const stages: Stage[] = [
    {
      name: 'train',
      about: 'classifier and side branches from image-level labels (train.py)',
      run: async () =>
        files.sipe
          ? [`taken from ${files.sipe}`]
          : withSipe(async (network) => {
              if (files.weights) await loadFrom(network, files.weights, { newLayers: ['classifier', 'side'] });
              const history = await trainSipe(network, {
                ...settings.recipe,
                items: learned.ids,
                load: async (id) => {
                  const { image, classes: shown } = await learned.get(id);
                  return { image, labels: shown };
                },
                backgroundFactor,
                seed,
                checkpoint: { directory: join(out, 'sipe-run'), every: 100 },
                onProgress: progressBar({ label: 'SIPE' }),
              });
              await saveTensors(sipeFile, Object.fromEntries(await stateDict(network)));
              const { classification, consistency } = history.epochs.at(-1)!.terms as Record<string, number>;
              return [
                `${history.steps} steps, classification ${classification!.toFixed(4)}, consistency ${consistency!.toFixed(4)}; ` +
                  'the published log ends near 0.04 and 0.014',
              ];
            }),
    },
    {
      name: 'cam',
      about: 'image-specific maps of four scales and mirror images (make_cam.py)',
      async run() {
        await withSipe(async (network) => {
          await loadFrom(network, sipeFile, files.sipe ? { names: 'sipe' } : {});
          await eachPhoto('maps', all, mapFile, async (id, file) => {
            const { image, classes: shown } = await photoOf(id);
            const { scales } = settings;
            const explore = { classes: shown, scales, backgroundFactor, absent: 'compete' } as const;
            const maps = shown.length ? await multiScaleIsCam(network.view, image, explore) : nothing(image);
            await saveTensors(file, { maps });
          });
        });
        const file = at('is-cam-masks', 'png');
        await eachPhoto('masks of the maps', scored.ids, file, async (id, path) => {
          const { classes: shown } = await scored.get(id);
          await writeMask(path, await argmaxLabels(await readTensor(mapFile(id), 'maps'), { classes: shown }));
        });
        const found = await scoreMasks('scores', scored, file);
        return [besides('image-specific maps, train', found, PUBLISHED[name].maps)];
      },
    },
    {
      name: 'ir',
      about: 'labels of which the unsure are ignored, from two backgrounds and a dense CRF each (cam2ir.py)',
      async run() {
        let [ignored, counted] = [0, 0];
        await eachPhoto('labels', learned.ids, irFile, async (id, file) => {
          const { image, classes: shown } = await learned.get(id);
          const maps = await readTensor(mapFile(id), 'maps');
          await writeMask(
            file,
            await irLabelMap(image, maps, {
              classes: shown,
              crf: (photo, hard, count) => crfFromLabels(photo, hard, { classes: count }),
            }),
          );
        });
        for (const id of learned.ids) {
          const { values } = await readMask(irFile(id));
          counted += values.length;
          for (const value of values) ignored += value === 255 ? 1 : 0;
        }
        return [`${learned.ids.length} photos, ${((100 * ignored) / counted).toFixed(1)} % of the pixels ignored`];
      },
    },
    {
      name: 'irn',
      about: 'boundaries between classes, learnt from these labels (train_irn.py)',
      run: async () =>
        files.irn
          ? [`taken from ${files.irn}`]
          : withIrn(async (network) => {
              if (files.weights) await loadFrom(network.backbone, files.weights);
              const history = await trainIrn(network, {
                ...settings.irn,
                augmentation: settings.irnAugmentation,
                items: learned.ids,
                load: async (id) => {
                  const { values, shape } = await readMask(irFile(id));
                  return { image: (await learned.get(id)).image, labels: hostTensor(values, shape) };
                },
                seed,
                checkpoint: { directory: join(out, 'irn-run'), every: 100 },
                onProgress: progressBar({ label: 'IRN' }),
              });
              await saveTensors(irnFile, Object.fromEntries(await stateDict(network)));
              return [`${history.steps} steps, loss ${history.epochs.at(-1)!.loss.toFixed(4)}`];
            }),
    },
    {
      name: 'labels',
      about: 'pseudo labels: the maps walk as far as the boundaries let them (make_seg_labels.py)',
      async run() {
        const file = at('pseudo-labels', 'png');
        await withIrn(async (network) => {
          await loadFrom(network, irnFile);
          await eachPhoto('pseudo labels', all, file, async (id, path) => {
            const { image, classes: shown } = await photoOf(id);
            const edge = await network.boundaries(image, { side: settings.irnSide });
            const maps = await readTensor(mapFile(id), 'maps');
            await writeMask(path, await argmaxLabels(await walked(maps, edge, settings), { classes: shown }));
          });
        });
        const found = await scoreMasks('scores', scored, file);
        return [besides('pseudo labels, train', found, PUBLISHED[name].labels), `in ${join(out, 'pseudo-labels')}`];
      },
    },
  ];
  const weights = files['segmentation-weights'] ?? (name === 'mobilenetV2' ? files.weights : undefined);
  const last = sipeSegmentation(name, { weights, classes: classes + 1, seed });
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

const PUBLISHED: Readonly<Record<SipeNetworkName, { maps: string; labels: string }>> = {
  resnet50: { maps: '58.65 % (paper), 58.88 % (its code)', labels: '68.0 % (paper, as later papers quote it)' },
  mobilenetV2: { maps: 'none', labels: 'none' },
};

/** At a quarter of the size: maps to the power, the walk, and bilinearly back to pixels. */
async function walked(maps: HostTensor, edge: HostTensor, { power, walk }: typeof SIPE_SETTINGS): Promise<HostTensor> {
  const [h, w, K] = maps.shape as [number, number, number];
  const [rows, columns] = edge.shape as [number, number];
  const small = await resizeBilinear(maps, [rows, columns]);
  const raised = hostTensor(
    small.values.map((value) => value ** power),
    small.shape,
  );
  const [height, width] = [4 * rows, 4 * columns];
  const large = await resizeBilinear(await irnWalk(raised, edge, walk), [height, width]);
  return hostTensor(crop(large.values, [height, width, K], [0, 0, h, w]) as Float32Array, [h, w, K]);
}

/** The maps of a photo without any of the classes: all of it is background. */
function nothing({ shape: [h, w] }: HostTensor<Uint8Array>): HostTensor {
  return hostTensor(new Float32Array(h! * w!).fill(1), [h!, w!, 1]);
}
