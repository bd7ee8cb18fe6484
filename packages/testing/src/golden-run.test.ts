import { describe, expect, test } from 'vitest';
import { EXACT } from './compare';
import { GoldenRun } from './golden-run';
import { referenceTensor } from './reference-tensor';

const golden = (sidecar: Record<string, unknown> = {}) => ({
  id: 'psa/x_case',
  kind: 'psa/x',
  path: '/nowhere/x_case',
  sidecar: { case: 'x_case', seed: 3, parameters: { scale: 2 }, ...sidecar },
  load: () =>
    new Map([
      ['in', referenceTensor(Float32Array.of(1, 2), [2])],
      ['out', referenceTensor(Float32Array.of(2, 4), [2])],
    ]),
});
const doubled = (run: GoldenRun) => {
  const scale = run.parameter<number>('scale')!;
  return referenceTensor(
    run.input('in').values.map((x) => x * scale),
    [2],
  );
};

describe('tensors', () => {
  test('a case passes when all of it was read or compared', async () => {
    const run = new GoldenRun(golden());
    await run.compare('out', doubled(run), { tolerance: EXACT });
    expect(run.outcome()).toMatchObject({ verdict: 'passed', open: [], rows: [{ tensor: 'out', difference: 0 }] });
  });

  test('a case is not covered while a tensor of it was not touched', async () => {
    const { load, ...rest } = golden();
    const run = new GoldenRun({ ...rest, load: () => load().set('extra', referenceTensor(new Float32Array(1), [1])) });
    await run.compare('out', doubled(run), { tolerance: EXACT });
    expect(run.outcome()).toMatchObject({ verdict: 'not covered', open: ['extra'], rows: [{ ok: true }] });
  });

  test('a case of which all was read and nothing compared is not covered', () => {
    const run = new GoldenRun(golden());
    run.input('in');
    run.input('out');
    expect(run.outcome()).toMatchObject({ verdict: 'not covered', open: [], rows: [] });
  });

  test('one value off fails the case at once, covered or not', async () => {
    const run = new GoldenRun(golden());
    await run.compare('out', referenceTensor(Float32Array.of(2, 4.001), [2]), { tolerance: { abs: 1e-4 } });
    expect(run.outcome()).toMatchObject({ verdict: 'failed', open: ['in'] });
  });

  test('the reference is brought to our layout', async () => {
    const run = new GoldenRun(golden());
    const layout = ({ values }: { values: ArrayLike<number> | ArrayLike<bigint> }) => ({ shape: [1, 2], values });
    await run.compare('out', referenceTensor(doubled(run).values, [1, 2]), { tolerance: EXACT, layout });
    expect(run.outcome().verdict).toBe('passed');
  });

  test('a tensor that is not there is an error', () => {
    expect(() => new GoldenRun(golden()).input('nothing')).toThrow('psa/x_case has no tensor `nothing`');
  });
});

describe('values recorded in the sidecar', () => {
  const recorded = () => {
    const run = new GoldenRun(
      golden({
        notes: 'a sentence',
        expected: { miou: 0.5, iou: [0.25, null] },
        layers: [{ name: 'conv.1', mean: 1, torch_noise: 1e-7 }],
      }),
    );
    run.input('in');
    return run;
  };
  const covered = async (run: GoldenRun) => run.compare('out', doubled(run), { tolerance: EXACT });

  test('each must be compared', async () => {
    const run = recorded();
    await covered(run);
    expect(run.outcome()).toMatchObject({
      verdict: 'not covered',
      open: ['expected/miou', 'expected/iou', 'layers/0/mean', 'layers/0/torch_noise'],
    });
    run.compareRecorded('expected/miou', 0.5, { tolerance: EXACT });
    run.compareRecorded('expected/iou', [0.25, null], { tolerance: EXACT });
    run.compareRecorded('layers/0/mean', 1.001, { tolerance: { rel: 0.01 } });
    expect(run.outcome()).toMatchObject({ verdict: 'not covered', open: ['layers/0/torch_noise'] });
    run.describes('layers/*/torch_noise');
    expect(run.outcome().verdict).toBe('passed');
  });

  test.for([
    ['expected/iou', [0.25, 0]],
    ['expected/iou', [null, 0.25]],
    ['expected/iou', [0.25]],
    ['expected/miou', 0.6],
    ['expected/miou', null],
    ['expected/miou', Number.NaN],
  ] as const)('%s as %s fails', async ([path, value]) => {
    const run = recorded();
    run.compareRecorded(path, value as number, { tolerance: { abs: 0.01 } });
    expect(run.outcome().verdict).toBe('failed');
  });

  test('several by their keys are one row, and claim no more than they name', async () => {
    const run = recorded();
    await covered(run);
    run.compareRecorded('layers/0', { mean: 1 }, { tolerance: EXACT, via: 'conv.1' });
    expect(run.outcome().rows.at(-1)).toMatchObject({ tensor: 'layers/0', via: 'conv.1', ok: true });
    expect(run.outcome().open).toEqual(['expected/miou', 'expected/iou', 'layers/0/torch_noise']);
    run.compareRecorded('expected', { miou: 0.5, iou: [0.25] }, { tolerance: { abs: 9 } });
    expect(run.outcome().verdict).toBe('failed');
  });

  test('what is not recorded is an error', () => {
    expect(() => recorded().compareRecorded('expected/kappa', 1, { tolerance: EXACT })).toThrow('records nothing');
  });

  test('parameters at the top of a sidecar count as read when they are', () => {
    const { load, id, kind, path } = golden();
    const run = new GoldenRun({
      id,
      kind,
      path,
      load,
      sidecar: { name: 'y', iterations: [1], terms: [{ compat: 3 }] },
    });
    expect(run.parameter('iterations')).toEqual([1]);
    expect(run.outcome().open).toEqual(['in', 'out', 'terms/0/compat']);
    run.parameter('terms');
    expect(run.outcome().open).toEqual(['in', 'out']);
  });
});
