import { stat } from 'node:fs/promises';
import { tracked } from '../shared/tracked';

/** Calls `make` for every photo whose file is not there yet, so that a stage which was stopped goes on. */
export async function eachPhoto(
  label: string,
  ids: readonly string[],
  fileOf: (id: string) => string,
  make: (id: string, file: string) => Promise<void>,
): Promise<void> {
  const left: string[] = [];
  for (const id of ids) if (!(await stat(fileOf(id)).catch(() => undefined))) left.push(id);
  for (const id of tracked(label, left)) await make(id, fileOf(id));
}
