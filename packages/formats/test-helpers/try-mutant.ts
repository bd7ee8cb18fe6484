import { FormatError } from '@wsss/core';
import { readNpy, readStateDict } from '../src/index';
import { mutant } from './mutate';

/**
 * Reads a hostile file whole. Returns what is wrong with how that ended: anything but a typed error, or tensors whose
 * shapes agree with their data.
 */
export async function tryMutant(format: string, seed: number): Promise<string | undefined> {
  const bytes = await mutant(format, seed);
  const start = performance.now();
  try {
    for (const [name, tensor] of await readStateDict(bytes)) {
      const { length } = await tensor.data();
      const size = tensor.shape.reduce((product, n) => product * n, 1);
      if (length !== size) return `'${name}' has ${length} values for [${tensor.shape.join(', ')}]`;
    }
    if (format === 'numpy') await readNpy(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) return `${(error as Error).stack}`;
    if (error.message.length > 1700) return `a message of ${error.message.length} characters`;
  }
  const seconds = (performance.now() - start) / 1000;
  return seconds > 2 ? `${seconds.toFixed(1)} seconds` : undefined;
}
