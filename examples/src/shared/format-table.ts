/** Lines up rows of text for a terminal: the first column to the left, the others to the right. */
export function formatTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, i) => (i ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!))).join('   ')}`;
  const rule = `  ${widths.map((width) => '─'.repeat(width)).join('───')}`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** `54.3 %`, or a dash where there is nothing to measure. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`;
}
