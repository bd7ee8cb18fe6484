import {
  type NamedTensorMap,
  reshape,
  type Tensor,
  tensor,
  valueAndGrad,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { affinityLabels, affinityLoss } from '@wsss/affinity';
import { hostTensor } from '@wsss/core';
import { type GoldenRun, hwio, item, nhwc } from '@wsss/testing';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';
import { headOf } from '../suite/stored-head';

goldenKind('psa/c', async (run) => {
  if (run.names(/^grad\./).length > 0) await checkHead(run);
  else await checkLoss(run);
});

async function checkLoss(run: GoldenRun): Promise<void> {
  const radius = run.parameter<number>('radius')!;
  // spec/psa, section 17: relative.
  const tolerance = { rel: run.parameter<boolean>('contains_exact_0_1') ? 1e-4 : 1e-5 };
  const labels = await batchLabels(run, radius);
  const masks = { bg_pos: labels.backgroundPositive, fg_pos: labels.foregroundPositive, neg: labels.negative };
  for (const [name, mask] of Object.entries(masks)) {
    await run.compare(name, mask, { tolerance: {} });
    const count = mask.values.reduce((sum, value) => sum + value, 0);
    run.compareRecorded(`counts/${name}`, count, { tolerance: {} });
  }
  const { values, shape } = run.input('aff');
  await onEachBackend(async (via) => {
    const affinity = tensor(values, [...shape]);
    const { loss, ...terms } = affinityLoss(affinity, labels);
    await run.compare('loss', reshape(loss, [1]), { tolerance, via });
    await run.compare('bg_loss', reshape(terms.backgroundPositive, [1]), { tolerance, via });
    await run.compare('fg_loss', reshape(terms.foregroundPositive, [1]), { tolerance, via });
    await run.compare('neg_loss', reshape(terms.negative, [1]), { tolerance, via });
    const { grad } = valueAndGrad((x) => affinityLoss(x, labels).loss)(affinity);
    await run.compare('grad_aff', grad, { tolerance, via });
  });
}

/** Gradients of the whole head: every parameter, and every tap. */
async function checkHead(run: GoldenRun): Promise<void> {
  const tolerance = { rel: 1e-5 };
  const labels = await batchLabels(run, 5);
  await onEachBackend(async (via) => {
    const { network, taps, images } = await headOf(run);
    // Taps take part as variables, so that one pass gives all gradients.
    const variables = Object.entries(taps).map(([name, tap]) => {
      const made = variable(tap, true);
      taps[name] = made as unknown as typeof tap;
      return [name, made] as const;
    });
    await run.compare('aff', network.affinities(images), { tolerance, via });
    const parameters = [...network.parameters, ...variables];
    const names = new Map(parameters.map(([name, { id }]) => [id, name]));
    const list = parameters.map(([, each]) => each);
    const { value, grads } = variableGrads(() => affinityLoss(network.affinities(images), labels).loss, list);
    await run.compare('loss', reshape(value, [1]), { tolerance, via });
    for (const each of list) {
      const name = names.get(each.id)!;
      const layout = each.rank === 1 ? undefined : variables.some(([tap]) => tap === name) ? nhwc : hwio;
      await run.compare(`grad.${name}`, (grads as NamedTensorMap)[each.name] as Tensor, { tolerance, layout, via });
    }
  });
}

async function batchLabels(run: GoldenRun, radius: number) {
  const maps = run.input<Uint8Array>('label');
  const n = maps.shape[0]!;
  const each = await Promise.all(Array.from({ length: n }, (_, i) => affinityLabels(item(maps, i), { radius })));
  const batch = (kind: keyof (typeof each)[number]) =>
    hostTensor(Uint8Array.from(each.flatMap((labels) => [...labels[kind].values])), [n, ...each[0]![kind].shape]);
  return {
    backgroundPositive: batch('backgroundPositive'),
    foregroundPositive: batch('foregroundPositive'),
    negative: batch('negative'),
  };
}
