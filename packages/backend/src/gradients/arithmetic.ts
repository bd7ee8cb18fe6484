import {
  add,
  div,
  equal,
  floor,
  type GradConfig,
  greater,
  greaterEqual,
  log,
  mul,
  neg,
  onesLike,
  pow,
  square,
  sub,
  type Tensor,
  util,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core';
import { gradient } from './define';
import { float, reduceTo } from './reduce-to';

type OfBoth = (dy: Tensor, a: Tensor, b: Tensor) => Tensor;

/** 1 where a is larger, 0 where b is; equal ones share, as in torch. */
const above = (a: Tensor, b: Tensor): Tensor => mul(add(float(greater(a, b)), float(greaterEqual(a, b))), 0.5);

/** The gradients of a and of b, before what was broadcast is summed. */
const binary: Record<string, [OfBoth, OfBoth]> = {
  Multiply: [(dy, _, b) => mul(dy, b), (dy, a) => mul(dy, a)],
  RealDiv: [(dy, _, b) => div(dy, b), (dy, a, b) => neg(div(mul(dy, a), square(b)))],
  Mod: [(dy) => dy, (dy, a, b) => neg(mul(dy, floor(div(a, b))))],
  Atan2: [
    (dy, a, b) => mul(dy, div(b, add(square(a), square(b)))),
    (dy, a, b) => neg(mul(dy, div(a, add(square(a), square(b))))),
  ],
  SquaredDifference: [(dy, a, b) => mul(mul(dy, 2), sub(a, b)), (dy, a, b) => mul(mul(dy, 2), sub(b, a))],
  Maximum: [(dy, a, b) => mul(dy, above(a, b)), (dy, a, b) => mul(dy, above(b, a))],
  Minimum: [(dy, a, b) => mul(dy, above(b, a)), (dy, a, b) => mul(dy, above(a, b))],
  Pow: [
    // b·a^(b−1); 0 for b = 0, where a^(b−1) may be infinite.
    (dy, a, b) => mul(dy, mul(b, pow(a, where(equal(b, 0), onesLike(b), sub(b, 1))))),
    // a^b·log a; 0 for a ≤ 0, where the logarithm does not exist.
    (dy, a, b) => {
      const positive = greater(a, 0);
      const logarithm = where(positive, log(where(positive, a, onesLike(a))), zerosLike(a));
      return mul(dy, mul(pow(a, b), logarithm));
    },
  ],
};

/** Sums and differences keep their operands for the shapes alone, so only where these are unlike. */
class UnlikeOperands extends Array<string> {
  override map<U>(pick: (name: string, index: number, names: string[]) => U): U[] {
    const operands = Array.from(this, (name, i) => pick(name, i, this));
    const [a, b] = operands as unknown as [Tensor, Tensor];
    return util.arraysEqual(a.shape, b.shape) ? [] : operands;
  }
}

const sums = (['Add', 'Sub'] as const).map((name) =>
  gradient(name, { inputs: UnlikeOperands.of('a', 'b') }, (dy, [a, b]) => ({
    a: () => (a ? reduceTo(dy, a.shape) : dy.clone()),
    b: () => {
      const own = name === 'Add' ? dy : neg(dy);
      return b ? reduceTo(own, b.shape) : own.clone();
    },
  })),
);

/** Functions of two numbers, with broadcasting. */
export const arithmetic: GradConfig[] = [
  ...sums,
  ...Object.entries(binary).map(([name, [ofA, ofB]]) =>
    gradient(name, { inputs: ['a', 'b'] }, (dy, [a, b]) => ({
      a: () => reduceTo(ofA(dy, float(a!), float(b!)), a!.shape),
      b: () => reduceTo(ofB(dy, float(a!), float(b!)), b!.shape),
    })),
  ),
  gradient('AddN', { allInputs: true }, (dy, saved) => Object.fromEntries(saved.map((_, i) => [i, () => dy.clone()]))),
];
