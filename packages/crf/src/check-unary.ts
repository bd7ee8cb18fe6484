import { ValueError } from '@wsss/core';

/**
 * @param unary `[N, classes]`
 * @throws {ValueError} naming the first value that is NaN or −Infinity, or the first point without a possible class.
 */
export function checkUnary(unary: Float32Array, classes: number): void {
  for (let at = 0; at < unary.length; at += classes) {
    let possible = false;
    for (let c = 0; c < classes; c++) {
      const u = unary[at + c]!;
      if (!(u > Number.NEGATIVE_INFINITY)) {
        throw new ValueError(
          'DenseCrf',
          'unary',
          'to be finite or +Infinity',
          `${u} at point ${at / classes}, class ${c}`,
        );
      }
      possible ||= u < Number.POSITIVE_INFINITY;
    }
    if (!possible) {
      const got = `only +Infinity at point ${at / classes}`;
      throw new ValueError(
        'DenseCrf',
        'unary',
        'to leave every point a possible class',
        got,
        'Raise scores of 0 to a small number (clip).',
      );
    }
  }
}
