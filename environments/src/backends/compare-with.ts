import type { Computed, SuiteResult } from './run-suite';
import { distance, type Summaries } from './summary';

/** A name, and what is wrong with it, if something is. */
export interface Finding {
  readonly name: string;
  readonly problem?: string;
}

/** Relative to the norm: what the project holds gradients to. */
const MOST = 1e-3;
/** Share of the pixels of masks that must agree. */
const AGREE = 0.995;

/** Judges a run of the suite by what another backend computed: a finding for each thing. */
export function compareWith(reference: Computed, result: SuiteResult): Finding[] {
  const { rows, held, left, masks, networks } = result;
  const findings: Finding[] = rows.map(({ operation, ok, problem }) => ({
    name: operation,
    ...(ok ? {} : { problem: problem ?? 'it fails' }),
  }));
  const check = (name: string, problem: string | false) => findings.push({ name, ...(problem && { problem }) });
  for (const kind of ['kernels', 'cam'] as const) {
    for (const [name, summary] of Object.entries(reference[kind])) {
      const apart = distance(summary, result[kind][name]);
      check(name, apart > MOST && `it is off by ${apart.toExponential(1)}`);
    }
  }
  for (const [name, summaries] of Object.entries(reference.networks)) {
    check(`one training step of ${name}`, stepProblem(summaries, networks[name] ?? {}));
  }
  const agree = reference.masks.filter((label, i) => label === masks[i]).length / reference.masks.length;
  check('masks of ten photos', agree < AGREE && `${(100 * agree).toFixed(2)} % of the pixels agree`);
  check('tensors that are left behind', left !== 0 && `${left}`);
  check('tensors in many training steps', grown(held.tensors, 1));
  if (held.bytes) check('memory of the GPU in many training steps', grown(held.bytes, 1));
  if (held.resident) check('memory of the process in many training steps', grown(held.resident, 1.1));
  check('many training steps learn', !(held.loss[1] < 0.5 * held.loss[0]) && `the loss goes ${held.loss.join(' → ')}`);
  return findings;
}

function stepProblem(wanted: Summaries, got: Summaries): string | false {
  const wrong = Object.entries(wanted)
    .map(([name, summary]) => [name, distance(summary, got[name])] as const)
    .filter(([, apart]) => apart > MOST)
    .map(([name, apart]) => `${name} is off by ${apart.toExponential(1)}`);
  return (
    wrong.length > 0 && `${wrong.slice(0, 5).join('; ')}${wrong.length > 5 ? `; and ${wrong.length - 5} more` : ''}`
  );
}

const grown = ([before, after]: readonly [number, number], most: number): string | false =>
  after > most * before && `${before} → ${after}`;
