import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { saveBytes } from '@wsss/formats';

/** What `make` makes, from a file where it was made before with the same settings. */
export async function kept<T>(file: string, settings: object, make: () => Promise<T>): Promise<T> {
  const of = createHash('sha256').update(JSON.stringify(settings)).digest('hex');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  const before = text === undefined ? undefined : (JSON.parse(text) as { of: string; value: T });
  if (before?.of === of) return before.value;
  const value = await make();
  await saveBytes(file, new TextEncoder().encode(`${JSON.stringify({ of, value })}\n`));
  return value;
}
