import type { AffinityNet } from '@wsss/affinity';
import { randomWalk } from '@wsss/affinity';
import { argmaxLabels, hostTensor, resizeBilinear } from '@wsss/core';
import { crop } from '@wsss/core/kernels';
import { tracked } from '../../shared/tracked';
import type { RunContext } from '../run-context';

const CELL = 8;

/** The image-specific scores of every photo walk among the cells that the AffinityNet finds alike. */
export async function walkScores(
  { settings, train, val, folder, log }: RunContext,
  network: AffinityNet,
): Promise<void> {
  const { power, ...walk } = settings.walk;
  await log.measure('walk', async (count) => {
    for (const split of [train, val]) {
      for (const id of tracked(`walks of ${split.name}`, split.ids)) {
        if (await folder.hasMask('walk', id)) continue;
        const { image, classes, truth } = await split.get(id);
        const [h, w] = truth.shape as [number, number];
        if (!classes.length) {
          await folder.writeMask('walk', id, hostTensor(new Uint8Array(h * w), [h, w]));
          await count();
          continue;
        }
        const started = performance.now();
        const cells = await folder.readCells(id);
        const scores = hostTensor(
          cells.values.map((value) => value ** power),
          cells.shape,
        );
        const affinity = await network.predict(image, { border: 'full' });
        const walked = await randomWalk(scores, affinity, { ...walk, border: 'full' });
        const [rows, columns, K] = walked.shape as [number, number, number];
        const size: [number, number] = [rows * CELL, columns * CELL];
        const large = await resizeBilinear(walked, size);
        const cut = crop(large.values, [...size, K], [0, 0, h, w]) as Float32Array;
        const mask = await argmaxLabels(hostTensor(cut, [h, w, K]), { classes });
        await folder.writeMask('walk', id, mask);
        await count(1, { walk: (performance.now() - started) / 1000 });
      }
    }
  });
}
