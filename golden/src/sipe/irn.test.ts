import { IRN_WALK, irLabel, irLabelMap, irnWalk } from '@wsss/affinity';
import { hostTensor } from '@wsss/core';
import { EXACT, type GoldenRun, hwc, reshape } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

goldenKind('sipe/k', async (run) => {
  if (run.has('conf')) await checkLabel(run);
  else await checkWalks(run);
});

/** With a CRF that gives what is stored, whatever it gets, so that what it gets can be compared. */
async function checkLabel(run: GoldenRun): Promise<void> {
  const keys = [...run.input<Int32Array>('keys').values];
  const maps = hwc(run.input('cam'));
  const [h, w, K] = maps.shape as [number, number, number];
  const names = ['fg', 'bg'] as const;
  let calls = 0;
  const labels = await irLabelMap(hostTensor(new Uint8Array(h * w * 3), [h, w, 3]), maps, {
    classes: keys.slice(1),
    background: { factors: run.parameter<[number, number]>('background_factors')! },
    crf: async (_image, given) => {
      const name = names[calls++]!;
      const classes = Int32Array.from(given.values, (channel) => keys[channel]!);
      await run.compare(`argmax_${name}`, hostTensor(classes, [h, w]), { tolerance: EXACT });
      const confident = run.input<Int32Array>(`${name}_conf`).values;
      const scores = Float32Array.from({ length: h * w * K }, (_, i) =>
        keys[i % K] === confident[Math.floor(i / K)] ? 1 : 0,
      );
      return hostTensor(scores, [h, w, K]);
    },
  });
  await run.compare('conf', labels, { tolerance: EXACT, via: 'irLabelMap' });
  const rule = await irLabel(run.input<Int32Array>('fg_conf'), run.input<Int32Array>('bg_conf'));
  await run.compare('conf', rule, { tolerance: EXACT, via: 'irLabel' });
}

async function checkWalks(run: GoldenRun): Promise<void> {
  const walks = run.parameter<{ radius: number; beta: number; exp_times: number }[]>('walks')!;
  for (const [i, { radius, beta, exp_times }] of walks.entries()) {
    const { values, shape } = run.input(`edge${i}`);
    const maps = hwc(run.input(`cams${i}`));
    const options = { ...IRN_WALK, radius, beta, steps: 2 ** exp_times };
    const walked = await irnWalk(maps, hostTensor(values, shape.slice(1)), options);
    const [C, , h, w] = run.input(`rw${i}`).shape as [number, number, number, number];
    await run.compare(`rw${i}`, walked, {
      // spec/psa, section 17, for the same walk; the official dense form is float32.
      tolerance: run.suggested ?? { abs: 2e-4 },
      layout: (stored) => hwc(reshape(stored, [C, h, w])),
    });
  }
}
