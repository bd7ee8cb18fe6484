import { ValueError } from '@wsss/core';

/**
 * Which stages train.
 *
 * @param frozen The last stage that does not: 0 or `false` for none, `true` for all.
 * @throws {ValueError} if there is no such stage.
 */
export function frozenStages(where: string, frozen: number | boolean, stages: number): (stage: number) => boolean {
  const last = frozen === true ? stages : frozen === false ? 0 : frozen;
  if (!(Number.isSafeInteger(last) && last >= 0 && last <= stages)) {
    throw new ValueError(where, 'frozen', `to be the number of a stage, 0 … ${stages}, or a boolean`, frozen);
  }
  return (stage) => stage > last;
}
