import { add, neg, pad, sub, type Tensor4D } from '@tensorflow/tfjs-core';

/**
 * Adds up gradients of slices of one map `[n, h, w, F]`. What falls on the same place is added first: places are few,
 * and only they are padded to the size of the map. Takes over what it is given.
 */
export class PlaceSums {
  readonly #size: readonly [number, number];
  readonly #places = new Map<string, { y: number; x: number; sum: Tensor4D }>();

  constructor([, h, w]: readonly number[]) {
    this.#size = [h!, w!];
  }

  /** Adds (or with `sign` −1 subtracts) a gradient of the slice that begins at (y, x). It is disposed if `last`. */
  add(y: number, x: number, gradient: Tensor4D, sign: 1 | -1, last: boolean): void {
    const key = `${y},${x},${gradient.shape[1]},${gradient.shape[2]}`;
    const before = this.#places.get(key)?.sum;
    const sum: Tensor4D = before
      ? (sign === 1 ? add : sub)<Tensor4D>(before, gradient)
      : sign === 1
        ? gradient.clone()
        : neg(gradient);
    before?.dispose();
    this.#places.set(key, { y, x, sum });
    if (last) gradient.dispose();
  }

  /** All of them on the map; `undefined` if there were none. */
  total(): Tensor4D | undefined {
    let total: Tensor4D | undefined;
    for (const { y, x, sum } of this.#places.values()) {
      const [, rows, columns] = sum.shape;
      const padded: Tensor4D = pad(sum, [
        [0, 0],
        [y, this.#size[0] - y - rows],
        [x, this.#size[1] - x - columns],
        [0, 0],
      ]);
      sum.dispose();
      const before = total;
      total = before ? add<Tensor4D>(before, padded) : padded;
      if (before) {
        before.dispose();
        padded.dispose();
      }
    }
    return total;
  }
}
