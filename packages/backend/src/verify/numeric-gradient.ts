import { random } from '@wsss/core';
import type { Array64 } from './array64';

/** What is computed once in doubles and compared with every backend. */
export interface Expected {
  readonly output: Array64;
  /** A gradient of the output, drawn at random. */
  readonly outputGradient: Float32Array;
  /** For each input, d⟨output, outputGradient⟩/d input at the places of `places`. */
  readonly gradients: readonly { readonly places: Int32Array; readonly values: Float64Array }[];
}

// Small, so that it hardly ever carries a value across a kink; a difference of doubles still has seven digits.
const STEP = 2 ** -20;
/** Central differences of an input cost two evaluations a value; of larger inputs, this many values are taken. */
const MOST_PLACES = 96;

/** Evaluates a function in doubles and takes central differences of its product with a random output gradient. */
export function numericGradient(f: (...inputs: Array64[]) => Array64, inputs: readonly Array64[]): Expected {
  const output = f(...inputs);
  const stream = random(2);
  const outputGradient = Float32Array.from(output.values, () => stream.normal());
  const product = (arrays: readonly Array64[]) => {
    const { values } = f(...arrays);
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i]! * outputGradient[i]!;
    return sum;
  };
  const gradients = inputs.map((input, k) => {
    const places = somePlaces(input.values.length);
    const moved = { shape: input.shape, values: input.values.slice() };
    const arrays = inputs.map((other, i) => (i === k ? moved : other));
    const values = Float64Array.from(places, (place) => {
      const value = input.values[place]!;
      moved.values[place] = value + STEP;
      const up = product(arrays);
      moved.values[place] = value - STEP;
      const down = product(arrays);
      moved.values[place] = value;
      return (up - down) / (2 * STEP);
    });
    return { places, values };
  });
  return { output, outputGradient, gradients };
}

function somePlaces(size: number): Int32Array {
  const all = Array.from({ length: size }, (_, i) => i);
  if (size <= MOST_PLACES) return Int32Array.from(all);
  return Int32Array.from(random(3).shuffle(all).slice(0, MOST_PLACES)).sort();
}
