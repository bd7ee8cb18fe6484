import { ValueError } from '@wsss/core';
import type { Rgb } from './content';

/** `rgb(…)`, from numbers only: nothing else may reach a style. */
export function cssColour(colour: Rgb): string {
  if (colour.length !== 3 || !colour.every((value) => typeof value === 'number' && value >= 0 && value <= 255)) {
    throw new ValueError('report', 'colour', 'to be red, green and blue in 0..255', [...colour]);
  }
  return `rgb(${colour.join(' ')})`;
}
