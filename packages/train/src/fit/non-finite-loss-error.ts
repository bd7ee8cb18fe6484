import { ValueError } from '@wsss/core';

/** The loss of a step, or a gradient, is NaN or infinite. The parameters are as they were before the step. */
export class NonFiniteLossError extends ValueError {
  override name = 'NonFiniteLossError';
  /**
   * @param step The step, counted from 1.
   * @param term Its name where the loss has terms; else `'loss'`, or `"gradient of 'name'"`.
   * @param value What it was; of a gradient, its squared norm.
   */
  constructor(
    readonly step: number,
    readonly term: string,
    readonly value: number,
  ) {
    super(
      'fit',
      term,
      'to be finite',
      `${value} in step ${step}`,
      'The parameters are as before that step. Usual causes: a learning rate too high, a logarithm or division of 0, ' +
        'NaN in the data. A lower learning rate, or `clip`, may help.',
    );
  }
}
