import { roundHalfEven } from '@wsss/core';
import { embeddingScale } from './lattice-data';

const { fround } = Math;

/**
 * Finds the simplex of the permutohedral lattice around one point: which lattice point of remainder 0 is nearest, the
 * order (rank) of the coordinates' distances to it, and the barycentric weights. All in float32 and in the order of
 * operations of the reference, so that points on a face fall on the same side.
 *
 * Source: Adams, Baek & Davis, "Fast high-dimensional filtering using the permutohedral lattice", 2010, section 3.
 */
export class Simplex {
  /** `[d + 1]`: the nearest lattice point of remainder 0. */
  readonly origin: Int32Array;
  /** `[d + 1]`: 0 for the coordinate that is farthest above it. */
  readonly rank: Int32Array;
  /** `[d + 1]`: the weight of the vertex of each remainder. */
  readonly barycentric: Float32Array;
  readonly #scale: Float32Array;
  readonly #elevated: Float32Array;
  readonly #excess: Float32Array;

  constructor(readonly dimensions: number) {
    this.origin = new Int32Array(dimensions + 1);
    this.rank = new Int32Array(dimensions + 1);
    this.barycentric = new Float32Array(dimensions + 1);
    this.#scale = embeddingScale(dimensions);
    this.#elevated = new Float32Array(dimensions + 1);
    this.#excess = new Float32Array(dimensions + 1);
  }

  /** Takes feature k from `features[at + k · stride]`. */
  locate(features: Float32Array, at: number, stride: number): void {
    const d = this.dimensions;
    const elevated = this.#elevated;
    const { origin, rank, barycentric } = this;

    // Onto the hyperplane whose coordinates sum to zero.
    let sum = 0;
    for (let i = d; i > 0; i--) {
      const scaled = fround(features[at + (i - 1) * stride]! * this.#scale[i - 1]!);
      elevated[i] = fround(sum - fround(i * scaled));
      sum = fround(sum + scaled);
    }
    elevated[0] = sum;

    // The nearest multiple of d + 1 in each coordinate; together they may leave the plane by `above` steps.
    const reciprocal = fround(1 / (d + 1));
    let above = 0;
    for (let i = 0; i <= d; i++) {
      const multiple = roundHalfEven(fround(elevated[i]! * reciprocal));
      origin[i] = multiple * (d + 1);
      above += multiple;
    }

    rank.fill(0);
    for (let i = 0; i < d; i++) {
      const excess = fround(elevated[i]! - origin[i]!);
      for (let j = i + 1; j <= d; j++) {
        if (excess < fround(elevated[j]! - origin[j]!)) rank[i]!++;
        else rank[j]!++;
      }
    }
    for (let i = 0; i <= d; i++) {
      rank[i]! += above;
      if (rank[i]! < 0) {
        rank[i]! += d + 1;
        origin[i]! += d + 1;
      } else if (rank[i]! > d) {
        rank[i]! -= d + 1;
        origin[i]! -= d + 1;
      }
    }

    const byRank = this.#excess;
    for (let i = 0; i <= d; i++) byRank[rank[i]!] = fround(fround(elevated[i]! - origin[i]!) * reciprocal);
    barycentric[0] = fround(fround(1 + byRank[d]!) - byRank[0]!);
    for (let r = 1; r <= d; r++) barycentric[r] = fround(byRank[d - r]! - byRank[d - r + 1]!);
  }

  /** The key of the vertex with this remainder: its first d coordinates. */
  key(remainder: number, target: Int32Array): void {
    const d = this.dimensions;
    for (let i = 0; i < d; i++) {
      target[i] = this.origin[i]! + (this.rank[i]! <= d - remainder ? remainder : remainder - (d + 1));
    }
  }
}
