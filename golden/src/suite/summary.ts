import type { GoldenCase, GoldenOutcome } from '@wsss/testing';

/** What became of a case: its outcome, an error, or neither where no test took it. */
export type CaseResult = Partial<GoldenOutcome> & { error?: string };

export interface Summary {
  passed: number;
  failed: number;
  notCovered: number;
  /** Rows, counts and, as the last line, the kinds not covered yet. */
  text: string;
}

/** Writes a row per case and tensor, the counts, and the kinds that some case of is not covered. */
export function summarise(cases: readonly GoldenCase[], results: ReadonlyMap<string, CaseResult>): Summary {
  const lines = [['case', 'tensor', 'largest difference', 'tolerance', 'verdict']];
  const count = { passed: 0, failed: 0, 'not covered': 0 };
  const uncovered = new Set<string>();
  for (const { id, kind } of cases) {
    const { verdict = 'not covered', rows = [], open = [], error } = results.get(id) ?? {};
    const judged = error === undefined ? verdict : 'failed';
    count[judged]++;
    for (const { tensor, via, difference, allowed, ok, reason } of rows) {
      const name = via ? `${tensor} (${via})` : tensor;
      const tolerance = allowed === 0 ? 'exact' : allowed.toExponential(1);
      lines.push([id, name, short(difference), tolerance, ok ? 'ok' : `FAILED${reason ? `: ${reason}` : ''}`]);
    }
    if (error !== undefined) lines.push([id, '', '', '', `FAILED: ${error}`]);
    if (judged !== 'not covered') continue;
    uncovered.add(kind);
    const why = open.length > 0 ? `nothing compared with ${inShort(open)}` : `no test of kind ${kind}`;
    lines.push([id, '', '', '', `not covered: ${why}`]);
  }
  const kinds = [...uncovered].sort().join(', ');
  const text = [
    ...table(lines),
    '',
    `${count.passed} cases passed, ${count.failed} failed, ${count['not covered']} not covered`,
    `Kinds not covered yet: ${kinds || 'none'}`,
  ].join('\n');
  return { passed: count.passed, failed: count.failed, notCovered: count['not covered'], text };
}

/** Tensors and values that are left over: of several in one place the place, and not more than a line holds. */
export function inShort(open: readonly string[]): string {
  const places = [...new Set(open.map((path) => path.split('/').slice(0, 2).join('/')))];
  const more = places.length - 8;
  return places.slice(0, 8).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const short = (x: number) => (x === 0 ? '0' : Number.isFinite(x) ? x.toExponential(1) : '∞');

function table(lines: string[][]): string[] {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines.map((line) =>
    line
      .map((cell, column) =>
        column < 2 ? cell.padEnd(widths[column]!) : column < 4 ? cell.padStart(widths[column]!) : cell,
      )
      .join('  ')
      .trimEnd(),
  );
}
