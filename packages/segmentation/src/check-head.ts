import { ValueError } from '@wsss/core';
import type { HeadNorm } from './aspp';

/** Checks the options that several heads share. */
export function checkHead(
  where: string,
  options: {
    readonly width?: number;
    readonly rates?: readonly number[];
    readonly dropout?: number;
    readonly norm?: HeadNorm;
  },
): void {
  const { width, rates, dropout, norm } = options;
  const whole = (n: number) => Number.isSafeInteger(n) && n >= 1;
  if (width !== undefined && !whole(width)) throw new ValueError(where, 'width', 'to be a whole number ≥ 1', width);
  if (rates && !rates.every(whole)) throw new ValueError(where, 'rates', 'to be whole numbers ≥ 1', rates);
  if (dropout !== undefined && !(dropout >= 0 && dropout < 1)) {
    throw new ValueError(where, 'dropout', 'to be in [0, 1)', dropout);
  }
  if (norm !== undefined && norm !== 'batch' && norm !== 'none') {
    throw new ValueError(where, 'norm', "to be 'batch' or 'none'", norm);
  }
}
