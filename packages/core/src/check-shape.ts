import { ShapeError } from './errors';

/**
 * Checks a shape against a pattern and says what the pattern's names stand for.
 *
 * @param where The function that was called, for the message.
 * @param argument Its argument, for the message.
 * @param shape The shape that came.
 * @param pattern Numbers must agree; a name stands for any size, and for the same size wherever it appears again.
 * @param known Sizes that names have from earlier arguments.
 * @returns The size of each name, those of `known` included.
 * @throws {ShapeError} if rank, a number or a repeated name disagrees.
 *
 * @example
 * const { h, w } = matchShape('crf', 'image', image.shape, ['h', 'w', 3]);
 * matchShape('crf', 'scores', scores.shape, ['h', 'w', 'K'], { h, w });
 */
export function matchShape<const P extends readonly (number | string)[]>(
  where: string,
  argument: string,
  shape: readonly number[] | undefined,
  pattern: P,
  known: Readonly<Record<string, number>> = {},
  hint?: string,
): Record<Extract<P[number], string>, number> {
  const sizes: Record<string, number> = { ...known };
  let fits = shape !== undefined && shape.length === pattern.length;
  for (let i = 0; fits && i < pattern.length; i++) {
    const expected = pattern[i]!;
    const size = shape![i]!;
    if (typeof expected === 'string') sizes[expected] ??= size;
    fits = size === (typeof expected === 'string' ? sizes[expected] : expected);
  }
  if (!fits) {
    const told = pattern.map((p) => (typeof p === 'string' && known[p] !== undefined ? `${p} = ${known[p]}` : p));
    throw new ShapeError(where, argument, told, shape, hint);
  }
  return sizes as Record<Extract<P[number], string>, number>;
}
