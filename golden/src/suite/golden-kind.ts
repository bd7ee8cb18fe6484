import { type GoldenOutcome, type GoldenRow, GoldenRun } from '@wsss/testing';
import { describe, expect, test } from 'vitest';
import { foundCases } from './found-cases';
import { inShort } from './summary';

declare module 'vitest' {
  interface TaskMeta {
    /** What a case found, for the summary. */
    golden?: GoldenOutcome & { id: string };
  }
}

/**
 * Runs every case of a kind that is found. The function reads inputs and parameters from the run, calls the public
 * functions and compares; what it leaves untouched makes the case count as not covered.
 */
export function goldenKind(kind: string, check: (run: GoldenRun) => Promise<void>): void {
  const cases = foundCases().filter((golden) => golden.kind === kind);
  describe(kind, () => {
    for (const golden of cases) {
      test(golden.id, async ({ task, skip }) => {
        task.meta.golden = { id: golden.id, verdict: 'failed', rows: [], open: [] };
        const run = new GoldenRun(golden);
        try {
          await check(run);
        } finally {
          // Written before any error leaves, so that the rows so far are printed.
          task.meta.golden = { id: golden.id, ...run.outcome() };
        }
        const { verdict, rows, open } = run.outcome();
        expect(rows.filter(({ ok }) => !ok).map(sentence)).toEqual([]);
        skip(verdict === 'not covered', `not covered: ${inShort(open)}`);
      });
    }
  });
}

const sentence = ({ tensor, via, difference, allowed, reason }: GoldenRow) =>
  `${tensor}${via && ` (${via})`}: ${reason ?? `off by ${difference.toExponential(1)}, allowed ${allowed.toExponential(1)}`}`;
