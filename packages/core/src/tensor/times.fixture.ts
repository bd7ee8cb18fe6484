import { mul, type Tensor } from '@tensorflow/tfjs-core';
import { withGradient } from './with-gradient';

/** a · b for equal shapes, with its gradient: core alone registers none in Node. */
export function times(a: Tensor, b: Tensor): Tensor {
  return withGradient(
    [a, b],
    ([x, y], save) => {
      save([x!, y!]);
      return mul(x!, y!);
    },
    (gradient, [x, y]) => [mul(gradient, y!), mul(gradient, x!)],
  );
}
