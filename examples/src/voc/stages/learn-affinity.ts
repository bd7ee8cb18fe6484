import { AffinityNet, cellLabels } from '@wsss/affinity';
import { type HeadExample, headTaps, trainAffinityHead } from '@wsss/affinity/train';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';
import { loadWeights, stateDict } from '@wsss/networks';
import { progressBar } from '@wsss/train';
import { tracked } from '../../shared/tracked';
import type { RunContext } from '../run-context';

const FILE = 'affinity.safetensors';

/**
 * An AffinityNet on the frozen backbone: its head learns from cells of the IS-CAM + CRF masks of the training photos. A
 * run that was killed goes on in the middle of the training.
 *
 * @returns To be disposed before the backbone.
 */
export async function learnAffinity({ settings, train, folder, log, backbone }: RunContext): Promise<AffinityNet> {
  const { epochs, batchSize, learningRate, cropCells, share } = settings.affinity;
  const network = AffinityNet(backbone, { head: 'mobilenetV2', seed: settings.seed });
  const head = new Map([...network.parameters].filter(([name]) => !backbone.parameters.has(name)));
  try {
    if (await folder.has(FILE)) {
      await loadWeights({ parameters: head }, await readStateDict(folder.file(FILE)));
      return network;
    }
    await log.measure('AffinityNet', async (count) => {
      const items: HeadExample[] = [];
      for (const id of tracked('features for the AffinityNet', train.ids)) {
        const { image, classes } = await train.get(id);
        if (!classes.length) continue;
        const labels = await cellLabels(await folder.readMask('is-cam-crf', id), { share });
        items.push({ taps: await headTaps(network, image), labels });
        await count();
      }
      const bar = progressBar({ label: 'AffinityNet' });
      const history = await trainAffinityHead(network, {
        items,
        load: (item) => item,
        crop: cropCells,
        epochs,
        batchSize: Math.min(batchSize, items.length),
        learningRate,
        border: 'full',
        seed: settings.seed,
        checkpoint: { directory: folder.file('affinity-checkpoint'), every: 50 },
        onProgress: (progress) => {
          bar(progress);
          void count(0);
        },
      });
      await saveBytes(folder.file(FILE), await writeSafetensors(await stateDict({ parameters: head })));
      await folder.writeJson('affinity.json', {
        losses: history.epochs.map(({ loss, terms }) => ({ loss, ...terms })),
      });
      await folder.remove('affinity-checkpoint');
    });
    return network;
  } catch (error) {
    network.dispose();
    throw error;
  }
}
