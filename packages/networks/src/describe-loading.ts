import type { LoadReport } from './load-weights';

/** A report in words: what was loaded, and for the rest what it means. */
export function describeLoading(
  { loaded, missing, unused, mismatched }: Omit<LoadReport, 'summary'>,
  names: string,
): string {
  const all = loaded.length + missing.length + mismatched.length;
  const lines = [`${loaded.length} of ${all} parameters of the network found their tensor (names: ${names}).`];
  if (missing.length > 0) lines.push(`Missing from the file, so left as they were: ${some(missing)}.`);
  if (mismatched.length > 0) {
    const told = mismatched.map(({ name, expected, found }) => `${name} [${expected}] is [${found}] in the file`);
    lines.push(`Of another shape, so left as they were: ${some(told)}.`);
  }
  if (unused.length > 0) lines.push(`In the file, but not in the network: ${some(unused)}.`);
  return lines.join('\n');
}

function some(names: readonly string[], most = 6): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
