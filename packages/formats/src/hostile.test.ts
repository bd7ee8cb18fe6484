import { describe, expect, test } from 'vitest';
import { FORMATS } from '../test-helpers/mutate';
import { tryMutant } from '../test-helpers/try-mutant';

/** Seeds that once ended badly. */
const KEPT: [string, number][] = [];

describe('hostile files end in a typed error, or in tensors whose shapes agree with their data', () => {
  test.each(FORMATS)('200 of %s', async (format) => {
    for (let seed = 0; seed < 200; seed++) {
      expect({ seed, problem: await tryMutant(format, seed) }).toEqual({ seed, problem: undefined });
    }
  });

  test.each(KEPT)('%s, seed %i', async (format, seed) => expect(await tryMutant(format, seed)).toBeUndefined());
});
