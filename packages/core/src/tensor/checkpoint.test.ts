import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import {
  cast,
  grad,
  grads,
  memory,
  mul,
  ones,
  type Rank,
  type Scalar,
  setBackend,
  sum,
  type Tensor,
  tensor,
  tidy,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { ValueError } from '../errors';
import { checkpoint } from './checkpoint';
import { resizeBilinear } from './resize-bilinear';
import { times } from './times.fixture';
import { withGradient } from './with-gradient';

/** The sum of all values, with its gradient. */
const total = (x: Tensor): Scalar =>
  withGradient<Rank.R0>(
    [x],
    ([values]) => sum(values!),
    (gradient) => [mul(gradient, ones(x.shape))],
  );

const parameter = (values: number[], trainable = true, shape = [values.length]): Variable =>
  tidy(() => variable(tensor(values, shape), trainable));

describe.each(['cpu', 'wasm'])('checkpoint on %s', (backend) => {
  beforeAll(async () => expect(await setBackend(backend)).toBe(true));

  let before: number;
  beforeEach(() => {
    before = memory().numTensors;
  });
  afterEach(() => expect(memory().numTensors).toBe(before));

  /** Value and gradients of a function, on the host. */
  async function differentiate(f: (...xs: Tensor[]) => Tensor, xs: Tensor[]): Promise<number[][]> {
    const results = tidy(() => [f(...xs), ...grads((...ys: Tensor[]) => f(...ys))(xs)]);
    const read = await Promise.all(results.map(async (result) => Array.from(await result.data())));
    for (const result of results) result.dispose();
    return read;
  }

  test('value and gradient are those of the function', async () => {
    const [a, b] = [tensor([2, 3]), tensor([5, -7])];
    const f = (x: Tensor, y: Tensor) => times(times(x, y), x);
    const plain = await differentiate(f, [a, b]);
    expect(plain).toEqual([
      [20, -63],
      [20, -42],
      [4, 9],
    ]);
    expect(await differentiate(checkpoint(f), [a, b])).toEqual(plain);
    // In the middle of a pass, several times, and nested.
    const g = (wrap: (h: typeof f) => typeof f) => (x: Tensor, y: Tensor) => {
      const inner = wrap(f);
      const outer = wrap((u, v) => times(inner(times(u, v), v), wrap(times)(v, u)));
      return times(outer(times(x, x), y), inner(x, y));
    };
    expect(await differentiate(g(checkpoint), [a, b])).toEqual(
      await differentiate(
        g((h) => h),
        [a, b],
      ),
    );
    a.dispose();
    b.dispose();
  });

  test('variables get gradients without being arguments; frozen ones do not', async () => {
    const [weight, unused, frozen] = [parameter([3, 4]), parameter([1, 1]), parameter([2, 2], false)];
    const x = tensor([5, 6]);
    const layer = checkpoint((input: Tensor) => times(times(input, weight), frozen));
    const loss = () => total(times(layer(x), layer(x)));
    const { value, grads: gradients } = tidy(() => variableGrads(loss, [weight]));
    // Σ (2 x w)², whose slope in w is 8 x² w.
    expect((await value.data())[0]).toBe(30 ** 2 + 48 ** 2);
    expect(Array.from(await gradients[weight.name]!.data())).toEqual([8 * 25 * 3, 8 * 36 * 4]);
    value.dispose();
    for (const gradient of Object.values(gradients)) gradient.dispose();
    for (const tensors of [x, weight, unused, frozen]) tensors.dispose();
  });

  test('tensors from outside the pass get gradients too', async () => {
    const [a, b] = [tensor([2, 3]), tensor([5, 7])];
    expect(await differentiate((x) => checkpoint((y: Tensor) => times(x, y))(b), [a])).toEqual([
      [10, 21],
      [5, 7],
    ]);
    // As an argument and from outside at once.
    expect(await differentiate((x) => checkpoint((y: Tensor) => times(x, y))(x), [a])).toEqual([
      [4, 9],
      [4, 6],
    ]);
    expect(await differentiate((x) => checkpoint(times)(x, x), [a])).toEqual([
      [4, 9],
      [4, 6],
    ]);
    a.dispose();
    b.dispose();
  });

  test('an argument without influence gets zeros, integers may be arguments', async () => {
    const [a, b] = [tensor([2, 3]), tensor([5, 7])];
    const indices = tensor([1, 0], [2], 'int32');
    const first = checkpoint((x: Tensor, _: Tensor, places: Tensor) => times(x, cast(places, 'float32')));
    const [, da, db] = await differentiate((x, y) => first(x, y, indices), [a, b]);
    expect(da).toEqual([1, 0]);
    expect(db).toEqual([0, 0]);
    for (const tensors of [a, b, indices]) tensors.dispose();
  });

  test('the identity passes through', async () => {
    const a = tensor([2, 3]);
    expect(await differentiate((x) => times(checkpoint((y: Tensor) => y)(x), x), [a])).toEqual([
      [4, 9],
      [4, 6],
    ]);
    a.dispose();
  });

  test('without a gradient to take, the function is simply called, once', async () => {
    let calls = 0;
    const f = checkpoint((x: Tensor) => {
      calls++;
      return times(x, x);
    });
    const a = tensor([3]);
    const square = f(a);
    expect(Array.from(await square.data())).toEqual([9]);
    expect(calls).toBe(1);
    tidy(() => void grad(f)(a));
    expect(calls).toBe(3);
    a.dispose();
    square.dispose();
  });

  test('holds little between the passes', async () => {
    const held = (wrap: <F extends (x: Tensor) => Tensor>(f: F) => (x: Tensor) => Tensor): number => {
      let bytes = 0;
      const chain = (x: Tensor) => {
        let y = x;
        for (let i = 0; i < 10; i++) y = times(y, y);
        return y;
      };
      tidy(() => {
        grad((x: Tensor) => {
          const y = tidy(() => wrap(chain)(x));
          bytes = memory().numBytes;
          return y;
        })(ones([1000]));
      });
      return bytes - memory().numBytes;
    };
    // The input, counted twice because it is saved, and the result; against all that lies between.
    expect(held(checkpoint)).toBe(3 * 4000);
    expect(held((f) => f)).toBeGreaterThanOrEqual(10 * 4000);
  });

  test('leaves nothing behind after many steps', async () => {
    const weight = parameter([1, 2, 3, 4], true, [2, 2, 1]);
    const layer = checkpoint((x: Tensor) => times(resizeBilinear(x, [2, 2]), weight));
    const x = ones([3, 3, 1]);
    const bytes = memory().numBytes;
    for (let i = 0; i < 20; i++) tidy(() => void variableGrads(() => total(times(layer(x), layer(x)))));
    expect(memory().numBytes).toBe(bytes);
    weight.dispose();
    x.dispose();
  });

  describe('refuses', () => {
    // TensorFlow.js leaves behind what a pass that fails has saved: this is not counted here.
    afterEach(() => {
      before = memory().numTensors;
    });

    test('a result of the same pass that is no argument', () => {
      const a = tensor([2]);
      const f = (x: Tensor) => {
        const early = times(x, x);
        return checkpoint((y: Tensor) => times(y, early))(x);
      };
      expect(() => tidy(() => void grad(f)(a))).toThrow(ValueError);
      expect(() => tidy(() => void grad(f)(a))).toThrow(
        'checkpoint: expected `f` to take the tensors that it uses as arguments, got a tensor [1] of float32.',
      );
      a.dispose();
    });

    test('a constant that is gone in the backward pass', () => {
      const a = tensor([2]);
      const f = (x: Tensor) =>
        tidy(() => {
          const half = tensor([0.5]);
          return checkpoint((y: Tensor) => times(y, half))(x);
        });
      expect(() => tidy(() => void grad(f)(a))).toThrow('to take the tensors that it uses as arguments');
      a.dispose();
    });

    test('to be differentiated twice', () => {
      const a = tensor([2]);
      const square = checkpoint((x: Tensor) => times(x, x));
      const slope = (x: Tensor) => times(grad(square)(x), x);
      expect(() => tidy(() => void grad(slope)(a))).toThrow(
        'checkpoint: expected `f` to be differentiated 1 time, got 2.',
      );
      a.dispose();
    });

    test('what returns no tensor, or another dtype', () => {
      const a = tensor([2]);
      const none = checkpoint(() => undefined as unknown as Tensor);
      expect(() => tidy(() => void grad(none)(a))).toThrow('to return a tensor of float32, got undefined');
      expect(() => tidy(() => void grad(checkpoint((x: Tensor) => cast(x, 'int32')))(a))).toThrow(
        'to return a tensor of float32',
      );
      expect(() => checkpoint(3 as unknown as () => Tensor)).toThrow('`f` to be a function, got 3');
      a.dispose();
    });
  });

  test('nothing is left behind, and the pass goes on, when the function throws', async () => {
    const a = tensor([2]);
    const bad = checkpoint((x: Tensor) => {
      times(x, x);
      throw new RangeError('mine');
    });
    const f = (x: Tensor) => {
      const y = times(x, x);
      expect(() => bad(y)).toThrow(RangeError);
      return times(y, x);
    };
    const slope = tidy(() => grad(f)(a));
    expect(Array.from(await slope.data())).toEqual([12]);
    slope.dispose();
    a.dispose();
  });

  test('the forward pass of other values is not disturbed', async () => {
    const a = tensor([2, 3]);
    const slope = tidy(() =>
      grad((x: Tensor) => {
        const left = times(x, x);
        const right = checkpoint((y: Tensor) => times(y, y))(left);
        return times(left, right);
      })(a),
    );
    // x⁶
    expect(Array.from(await slope.data())).toEqual([6 * 2 ** 5, 6 * 3 ** 5]);
    slope.dispose();
    a.dispose();
  });
});
