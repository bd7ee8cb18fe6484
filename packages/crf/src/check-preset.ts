import { ValueError } from '@wsss/core';
import type { CrfPreset } from './presets';

const KNOWN = ['iterations', 'gaussian', 'bilateral', 'from', 'clip', 'gtProb', 'scaleFactor', 'compatibility'];
const TERMS = { gaussian: ['sdims', 'compat'], bilateral: ['sdims', 'schan', 'compat'] } as const;

/**
 * Deviations and compatibilities themselves are checked where they are used.
 *
 * @throws {ValueError} if it is no preset, or has an entry that nobody reads.
 */
export function checkPreset(where: string, preset: CrfPreset): void {
  if (typeof preset !== 'object' || preset === null) {
    throw new ValueError(where, 'preset', 'to be PSA_CRF, IRN_CRF, DEEPLAB_CRF or your own object', preset);
  }
  checkEntries(where, 'preset', preset, KNOWN);
  const { iterations, scaleFactor } = preset;
  if (!Number.isInteger(iterations) || iterations < 0) {
    throw new ValueError(where, 'preset.iterations', 'to be a whole number of at least 0', iterations);
  }
  if (preset.from !== undefined && preset.from !== 'scores' && preset.from !== 'labels') {
    throw new ValueError(where, 'preset.from', "to be 'scores' or 'labels'", preset.from);
  }
  if (scaleFactor !== undefined && !(scaleFactor > 0 && Number.isFinite(scaleFactor))) {
    throw new ValueError(where, 'preset.scaleFactor', 'to be positive', scaleFactor);
  }
  for (const [name, entries] of Object.entries(TERMS)) {
    const term = preset[name as keyof typeof TERMS];
    if (term === undefined) continue;
    checkEntries(where, `preset.${name}`, term, entries);
    for (const entry of entries) {
      if ((term as Record<string, unknown>)[entry] === undefined) {
        throw new ValueError(where, `preset.${name}`, `to have ${entries.join(', ')}`, Object.keys(term));
      }
    }
  }
}

function checkEntries(where: string, argument: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new ValueError(where, argument, `to have no entries but ${known.join(', ')}`, unknown);
}
