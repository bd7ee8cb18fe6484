import { type HostTensor, hostTensor } from '@wsss/core';
import { featureFunction } from '@wsss/core/tensor';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';
import { progressBar } from '@wsss/train';
import { seePhotos } from '../../sipe-voc/see-photos';
import { trainSipeHead } from '../../sipe-voc/train-sipe-head';
import type { LearnedClassifier, RunContext } from '../run-context';

const FILE = 'sipe.safetensors';

/**
 * The classifier, trained further with SIPE's loss on the frozen features, from image-level labels only; or that of the
 * folder. Its maps are for IS-CAM alone: what is in a photo the classifier before says better.
 *
 * @returns Its weights `[6, F]`.
 */
export async function learnSipe(
  { settings, train, folder, log, backbone }: RunContext,
  { weights }: LearnedClassifier,
): Promise<HostTensor> {
  if (await folder.has(FILE)) {
    const kept = (await readStateDict(folder.file(FILE))).get('classifier.weight')!;
    return hostTensor((await kept.data()) as Float32Array, kept.shape);
  }
  return log.measure('SIPE', async (count) => {
    const { training } = settings.sipe;
    const taps = [...new Set([training.tap, training.structure, ...training.prototype])];
    const photos = await seePhotos(featureFunction(backbone, { taps }), train);
    await count(train.ids.length);
    const learned = await trainSipeHead(photos, weights, training, {
      seed: settings.seed,
      onProgress: progressBar({ label: 'SIPE' }),
    });
    await saveBytes(folder.file(FILE), await writeSafetensors(new Map([['classifier.weight', learned.weights]])));
    await folder.writeJson('sipe.json', {
      losses: learned.history.epochs.map(({ loss, terms }) => ({ loss, ...terms })),
    });
    return learned.weights;
  });
}
