import { ValueError } from '@wsss/core';

/**
 * Standard deviations, one per axis: a single number serves all.
 *
 * @throws {ValueError} if one is not positive and finite, or their number is another.
 */
export function deviations(where: string, argument: string, given: number | readonly number[], axes: number): number[] {
  const list = typeof given === 'number' ? Array<number>(axes).fill(given) : [...given];
  if (list.length !== axes) throw new ValueError(where, argument, `to be a number or a list of ${axes}`, given);
  if (!list.every((s) => Number.isFinite(Math.fround(s)) && Math.fround(s) > 0)) {
    throw new ValueError(
      where,
      argument,
      'to hold positive standard deviations',
      given,
      'To leave an axis out, use features without it (addEnergy).',
    );
  }
  return list;
}
