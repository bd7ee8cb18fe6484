import type { HostTensor } from '@wsss/core';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';
import { loadWeights, stateDict } from '@wsss/networks';
import { compactSegmentation, type SegmentationNetwork } from '@wsss/segmentation';
import { trainSegmentation } from '@wsss/segmentation/train';
import { progressBar } from '@wsss/train';
import { loadBackbone } from '../load-backbone';
import type { RunContext } from '../run-context';
import { CLASSES } from '../settings';

/**
 * A segmentation network that learns from masks of the training photos: a head on the backbone, whose last blocks train
 * with it. A run that was killed goes on in the middle of the training.
 *
 * @param name Of its files and its stage.
 * @param maskOf The mask that it learns from.
 * @returns The network, and what frees it and its backbone.
 */
export async function learnSegmentation(
  {
    settings,
    weightsFile,
    train,
    folder,
    log,
  }: Pick<RunContext, 'settings' | 'weightsFile' | 'train' | 'folder' | 'log'>,
  name: string,
  maskOf: (id: string) => Promise<HostTensor<Uint8Array>>,
): Promise<{ network: SegmentationNetwork; dispose: () => void }> {
  const { epochs, batchSize, trained, frozenUpTo, augmentation } = settings.segmentation;
  const backbone = await loadBackbone(weightsFile, (parameter) =>
    trained.some((block) => parameter.startsWith(`${block}.`)),
  );
  const network = compactSegmentation(backbone, { classes: CLASSES.length + 1, seed: settings.seed });
  const dispose = () => {
    network.dispose();
    backbone.dispose();
  };
  const file = `${name}.safetensors`;
  try {
    if (await folder.has(file)) {
      await loadWeights(network, await readStateDict(folder.file(file)));
      return { network, dispose };
    }
    await log.measure(`train ${name}`, async (count) => {
      // Every epoch sees every photo: decoded once.
      const examples = new Map<string, { image: HostTensor<Uint8Array>; labels: HostTensor<Uint8Array> }>();
      const bar = progressBar({ label: name });
      const history = await trainSegmentation(network, {
        items: train.ids,
        load: async (id) => {
          const known = examples.get(id);
          if (known) return known;
          const example = { image: (await train.get(id)).image, labels: await maskOf(id) };
          examples.set(id, example);
          await count();
          return example;
        },
        frozenUpTo,
        seed: settings.seed,
        epochs,
        ...(augmentation && { augmentation }),
        batchSize: Math.min(batchSize, train.ids.length),
        checkpoint: { directory: folder.file(`${name}-checkpoint`), every: 20 },
        onProgress: (progress) => {
          bar(progress);
          void count(0);
        },
      });
      await saveBytes(folder.file(file), await writeSafetensors(await stateDict(network)));
      await folder.writeJson(`${name}.json`, { losses: history.epochs.map(({ loss }) => loss) });
      await folder.remove(`${name}-checkpoint`);
    });
    return { network, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}
