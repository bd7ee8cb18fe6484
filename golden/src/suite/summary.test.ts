import type { GoldenCase, GoldenRow } from '@wsss/testing';
import { expect, test } from 'vitest';
import { type CaseResult, summarise } from './summary';

const golden = (id: string): GoldenCase => ({
  id,
  kind: id.slice(0, id.indexOf('_')),
  path: '',
  sidecar: {},
  load: () => new Map(),
});
const row = (tensor: string, difference: number, allowed: number): GoldenRow => ({
  tensor,
  via: '',
  difference,
  allowed,
  ok: difference <= allowed,
});

test('a row per case and tensor, then the counts and the kinds not covered', () => {
  const cases = ['psa/n_ok', 'psa/n_off', 'psa/n_error', 'psa/n_open', 'psa/d_none', 'crf/lattice_none'].map(golden);
  const results = new Map<string, CaseResult>([
    [
      'psa/n_ok',
      { verdict: 'passed', rows: [row('out', 0, 0), { ...row('loss', 2e-7, 1e-6), via: 'wasm' }], open: [] },
    ],
    ['psa/n_off', { verdict: 'failed', rows: [{ ...row('out', Infinity, 1e-6), reason: 'NaN at 3' }], open: ['more'] }],
    ['psa/n_error', { error: 'ShapeError: no' }],
    ['psa/n_open', { verdict: 'not covered', rows: [row('out', 0, 0)], open: ['aff', 'expected/miou'] }],
  ]);
  const { text, ...counts } = summarise(cases, results);
  expect(counts).toEqual({ passed: 1, failed: 2, notCovered: 3 });
  expect(text).toMatchInlineSnapshot(`
    "case              tensor       largest difference  tolerance  verdict
    psa/n_ok          out                           0      exact  ok
    psa/n_ok          loss (wasm)              2.0e-7     1.0e-6  ok
    psa/n_off         out                           ∞     1.0e-6  FAILED: NaN at 3
    psa/n_error                                                   FAILED: ShapeError: no
    psa/n_open        out                           0      exact  ok
    psa/n_open                                                    not covered: nothing compared with aff, expected/miou
    psa/d_none                                                    not covered: no test of kind psa/d
    crf/lattice_none                                              not covered: no test of kind crf/lattice

    1 cases passed, 2 failed, 3 not covered
    Kinds not covered yet: crf/lattice, psa/d, psa/n"
  `);
});

test('when all is covered, it says so', () => {
  const results = new Map<string, CaseResult>([
    ['psa/n_ok', { verdict: 'passed', rows: [row('out', 0, 0)], open: [] }],
  ]);
  expect(summarise([golden('psa/n_ok')], results).text).toMatch(/Kinds not covered yet: none$/);
});
