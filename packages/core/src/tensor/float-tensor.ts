import { cast, type Rank, type Tensor } from '@tensorflow/tfjs-core';
import { ValueError } from '../errors';
import { asTensor, type TensorInput } from './as-tensor';

/**
 * As {@link asTensor}, and in float32: integers and booleans are converted. Call it inside `tidy`.
 *
 * @param where The function that was called, for the message; `argument` likewise.
 * @throws {ValueError} if it holds strings or complex numbers.
 */
export function floatTensor<R extends Rank = Rank>(where: string, argument: string, input: TensorInput<R>): Tensor<R> {
  const values = asTensor<R>(input, where, argument);
  if (values.dtype === 'float32') return values;
  if (values.dtype !== 'int32' && values.dtype !== 'bool') {
    throw new ValueError(where, argument, 'to hold real numbers', values.dtype);
  }
  return cast(values, 'float32');
}
