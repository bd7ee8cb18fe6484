import { hostTensor } from '@wsss/core';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';
import { augmentedFeatures, type Pooled, plainFeatures } from '../pooled-features';
import type { LearnedClassifier, RunContext } from '../run-context';
import { classifierLogits, scoreClassifier } from '../score-classifier';
import { CLASSES } from '../settings';
import { trainHead } from '../train-head';

const FILES = ['classifier.safetensors', 'classifier.json'] as const;

/** A linear classifier on the frozen features, from image-level labels only; or the one that the folder has. */
export async function learnClassifier({
  settings,
  train,
  val,
  folder,
  log,
  backbone,
}: RunContext): Promise<LearnedClassifier> {
  const known = await folder.readJson<Omit<LearnedClassifier, 'weights'>>(FILES[1]);
  if (known) {
    const weights = (await readStateDict(folder.file(FILES[0]))).get('classifier.weight')!;
    return { ...known, weights: hostTensor((await weights.data()) as Float32Array, weights.shape) };
  }
  return log.measure('classifier', async (count) => {
    const { weights, history } = await trainHead(await augmentedFeatures(backbone, train, settings), settings);
    await count(train.ids.length);
    const plain = {
      train: await plainFeatures(backbone, train, settings),
      val: await plainFeatures(backbone, val, settings),
    };
    const precision = await scoreClassifier(plain.val, weights);
    const probabilities = (pooled: Pooled, ids: readonly string[]) => {
      const logits = classifierLogits(pooled, weights);
      return ids.map((id, i): [string, number[]] => [
        id,
        Array.from(logits.subarray(i * CLASSES.length, (i + 1) * CLASSES.length), (x) => 1 / (1 + Math.exp(-x))),
      ]);
    };
    const scores = Object.fromEntries([...probabilities(plain.train, train.ids), ...probabilities(plain.val, val.ids)]);
    await saveBytes(folder.file(FILES[0]), await writeSafetensors(new Map([['classifier.weight', weights]])));
    const found = { precision, losses: history.epochs.map(({ loss }) => loss), scores };
    await folder.writeJson(FILES[1], found);
    return { ...found, weights };
  });
}
