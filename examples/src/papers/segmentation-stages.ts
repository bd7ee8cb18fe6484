import { join } from 'node:path';
import { hostTensor } from '@wsss/core';
import { crf, DEEPLAB_CRF } from '@wsss/crf';
import { readMask, writeMask } from '@wsss/datasets';
import { stateDict } from '@wsss/networks';
import { type PredictOptions, predict, type SegmentationNetwork } from '@wsss/segmentation';
import { type SegmentationSchedule, trainSegmentation } from '@wsss/segmentation/train';
import { progressBar } from '@wsss/train';
import type { DevkitList } from './devkit';
import { eachPhoto } from './each-photo';
import { loadFrom } from './load-network';
import { besides, scoreMasks } from './score-masks';
import type { Stage } from './stages';
import { saveTensors } from './tensor-files';

/** A segmentation network, how it is trained, and how it is asked. */
export interface SegmentationRecipe {
  /** Makes it on its trunk; `dispose` frees both. */
  readonly make: () => Promise<{ network: SegmentationNetwork; dispose: () => void }>;
  readonly schedule: SegmentationSchedule & { readonly accumulate?: number };
  /** How it sees a photo in the end. */
  readonly views: Pick<PredictOptions, 'scales' | 'fuse' | 'flip'>;
  /** Mean IoU on val. */
  readonly published: string;
}

export interface SegmentationInput {
  readonly out: string;
  readonly learned: DevkitList;
  /** Opens the photos to score on. */
  readonly openVal: () => Promise<DevkitList>;
  /** The pseudo labels of a photo. */
  readonly labelsOf: (id: string) => string;
  readonly seed: number;
}

/** The names of the two steps with which both papers end. */
export const SEGMENTATION_STAGES = ['segmentation', 'val'] as const;

/** A segmentation network trained on the pseudo labels, and its masks of photos without labels, after a dense CRF. */
export function segmentationStages(
  { make, schedule, views, published }: SegmentationRecipe,
  { out, learned, openVal, labelsOf, seed }: SegmentationInput,
): Stage[] {
  const file = join(out, 'segmentation.safetensors');
  return [
    {
      name: 'segmentation',
      about: 'a segmentation network from the pseudo labels',
      async run() {
        const { network, dispose } = await make();
        try {
          const history = await trainSegmentation(network, {
            ...schedule,
            items: learned.ids,
            async load(id) {
              const { values, shape } = await readMask(labelsOf(id));
              return { image: (await learned.get(id)).image, labels: hostTensor(values, shape) };
            },
            seed,
            checkpoint: { directory: join(out, 'segmentation-run'), every: 100 },
            onProgress: progressBar({ label: 'segmentation' }),
          });
          await saveTensors(file, Object.fromEntries(await stateDict(network)));
          return [`${history.steps} steps, loss ${history.losses.at(-1)!.toFixed(4)}`];
        } finally {
          dispose();
        }
      },
    },
    {
      name: 'val',
      about: 'its masks of the validation photos, after a dense CRF; no labels are needed any more',
      async run() {
        const val = await openVal();
        const masks = (id: string) => join(out, 'val-masks', `${id}.png`);
        const { network, dispose } = await make();
        try {
          await loadFrom(network, file);
          await eachPhoto('masks', val.ids, masks, async (id, path) => {
            const { image } = await val.get(id);
            const refine = (photo: typeof image, scores: Parameters<typeof crf>[1]) => crf(photo, scores, DEEPLAB_CRF);
            await writeMask(path, await predict(network, image, { ...views, crf: refine, output: 'labels' }));
          });
        } finally {
          dispose();
        }
        return [besides('segmentation, val', await scoreMasks('scores', val, masks), published)];
      },
    },
  ];
}

/** The same in two small steps, to see that it runs; clipped, because networks without their weights explode. */
export function drySegmentation(recipe: SegmentationRecipe): SegmentationRecipe {
  const { epochs: _, accumulate: __, ...schedule } = recipe.schedule;
  const augmentation = { ...schedule.augmentation, crop: 64 };
  const dry = { ...schedule, steps: 2, batchSize: 2, clip: 1, augmentation };
  return { ...recipe, schedule: dry, views: { ...recipe.views, scales: [0.25] } };
}
