import { argmaxLabels, type HostTensor, hostTensor } from '@wsss/core';
import { type CrfBatchItem, crfBatch, IRN_CRF } from '@wsss/crf';
import { tracked } from '../../shared/tracked';
import type { RunContext } from '../run-context';
import type { RungSlug } from '../rungs';

/**
 * A dense CRF on the masks of a rung, IRN's: from labels, of the classes in the photo. Photos are worked on by as many
 * threads as there are processors.
 *
 * @param among The classes that take part: those of the photo's labels, or those that its mask holds.
 */
export async function fitEdges(
  { train, val, folder, log }: RunContext,
  from: RungSlug,
  to: RungSlug,
  among: 'labels' | 'mask',
  splits = [train, val],
): Promise<void> {
  await log.measure(to, async (count) => {
    for (const split of splits) {
      const missing: string[] = [];
      for (const id of split.ids) if (!(await folder.hasMask(to, id))) missing.push(id);
      const waiting: { id: string; channels: readonly number[] }[] = [];
      async function* items(): AsyncGenerator<CrfBatchItem> {
        for (const id of missing) {
          const { image, classes } = await split.get(id);
          const mask = await folder.readMask(from, id);
          const found = [...new Set(mask.values)].filter((label) => label > 0).sort((a, b) => a - b);
          const channels = [0, ...(among === 'labels' ? classes : found)];
          if (channels.length === 1) {
            // All of it is background, and takes no time.
            await folder.writeMask(to, id, mask);
            await count(1, { [to]: 0 });
            continue;
          }
          waiting.push({ id, channels });
          yield { image, scores: asScores(mask, channels) };
        }
      }
      const show = tracked(`CRF, ${to}, ${split.name}`, missing);
      let started = performance.now();
      for await (const probabilities of crfBatch(items(), IRN_CRF)) {
        const { id, channels } = waiting.shift()!;
        await folder.writeMask(to, id, await argmaxLabels(probabilities, { classes: channels.slice(1) }));
        show.next();
        await count(1, { [to]: (performance.now() - started) / 1000 });
        started = performance.now();
      }
      for (const _ of show);
    }
  });
}

/** Labels as scores: `gtProb` for the label, the rest shared by the others, so that −ln gives the unary of labels. */
function asScores({ values, shape: [h, w] }: HostTensor<Uint8Array>, channels: readonly number[]): HostTensor {
  const K = channels.length;
  const scores = new Float32Array(values.length * K).fill((1 - IRN_CRF.gtProb) / (K - 1));
  for (let i = 0; i < values.length; i++) {
    const channel = channels.indexOf(values[i]!);
    if (channel >= 0) scores[i * K + channel] = IRN_CRF.gtProb;
  }
  return hostTensor(scores, [h!, w!, K]);
}
