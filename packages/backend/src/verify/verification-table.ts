import type { VerifiedOperation } from './describe-result';

interface Line {
  cases: number;
  failed: number;
  forward: number;
  gradient: number;
}

const number = (value: number): string => (value === 0 ? '0' : Number.isFinite(value) ? value.toExponential(1) : '–');

/** A line for each operation of a backend (its name in words), then what fails, by its remedy. */
export function verificationTable(backend: string, rows: readonly VerifiedOperation[]): string {
  const lines = new Map<string, Line>();
  for (const { operation, ok, forward, gradient } of rows) {
    const name = operation.split(' ')[0]!;
    const line = lines.get(name) ?? { cases: 0, failed: 0, forward: 0, gradient: 0 };
    line.cases++;
    line.failed += ok ? 0 : 1;
    line.forward = Math.max(line.forward, forward);
    line.gradient = Math.max(line.gradient, gradient);
    lines.set(name, line);
  }
  const width = Math.max(...[...lines.keys()].map((name) => name.length));
  const format = (name: string, ...columns: string[]) =>
    [name.padEnd(width), ...columns.map((column) => column.padStart(8))].join(' ').trimEnd();
  const failed = rows.filter((row) => !row.ok);
  return [
    `backend ${backend}: largest difference from float64, relative`,
    format('operation', 'cases', 'output', 'gradient'),
    ...[...lines].map(([name, { cases, failed: wrong, forward, gradient }]) =>
      format(name, `${cases}`, number(forward), number(gradient), wrong > 0 ? `  ${wrong} FAIL` : ''),
    ),
    '',
    ...problems(failed),
    failed.length === 0 ? `all ${rows.length} cases pass` : `${failed.length} of ${rows.length} cases FAIL`,
  ].join('\n');
}

/** Problems that are listed for each remedy. */
const MOST = 6;

function problems(failed: readonly VerifiedOperation[]): string[] {
  const byRemedy = new Map<string, Set<string>>();
  for (const { operation, problem, remedy = '' } of failed) {
    byRemedy.set(remedy, (byRemedy.get(remedy) ?? new Set()).add(`${operation.split(' ')[0]}: ${problem}`));
  }
  return [...byRemedy].flatMap(([remedy, found]) => {
    const rest = found.size - MOST;
    return [...[...found].slice(0, MOST), ...(rest > 0 ? [`… and ${rest} more`] : []), `  remedy: ${remedy}`, ''];
  });
}
