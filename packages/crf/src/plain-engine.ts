import { checkUnary } from './check-unary';
import type { Engine, EngineLattice, Field, Term } from './engine';
import { buildLattice } from './kernels/build-lattice';
import { addCompatibility } from './kernels/compatibility';
import { type FilterBuffers, filter, filterBuffers } from './kernels/filter';
import type { LatticeData } from './kernels/lattice-data';
import { type NormalizationFactors, normalizationFactors } from './kernels/normalization';
import { softmax } from './kernels/softmax';

/** Plain JavaScript on typed arrays: where there is no WebAssembly SIMD, and the second opinion of the tests. */
export const plainEngine: Engine = {
  name: 'plain',
  /** The limit of its arrays is that of the machine. */
  require: () => {},
  lattice(source, phantom) {
    const data = buildLattice(source, phantom);
    return data && new PlainLattice(data);
  },
  field: (points, classes, unary, terms) => new PlainField(points, classes, unary, terms),
};

class PlainLattice implements EngineLattice {
  readonly #data: LatticeData;

  constructor(data: LatticeData) {
    this.#data = data;
  }

  get points(): number {
    return this.#data.points;
  }

  get dimensions(): number {
    return this.#data.dimensions;
  }

  get vertices(): number {
    return this.#data.vertices;
  }

  data(): LatticeData {
    return this.#data;
  }

  filter(values: Float32Array, channels: number, reverse: boolean): Float32Array {
    const result = new Float32Array(values.length);
    filter(this.#data, values, result, channels, undefined, reverse);
    return result;
  }

  /** Nothing to give back: the garbage collector sees these arrays. */
  dispose(): void {}
}

interface PlainTerm extends Term {
  readonly data: LatticeData;
  readonly factors: NormalizationFactors;
  readonly buffers: FilterBuffers;
}

class PlainField implements Field {
  readonly #q: Float32Array;
  readonly #scratch: Float32Array;
  readonly #terms: PlainTerm[];

  constructor(
    readonly points: number,
    readonly classes: number,
    readonly unary: Float32Array,
    terms: readonly Term[],
  ) {
    checkUnary(unary, classes);
    this.#q = new Float32Array(points * classes);
    this.#scratch = new Float32Array(points * classes);
    this.#terms = terms.map((term) => ({
      ...term,
      ...tables(term.lattice, classes),
      factors: normalizationFactors(term.normalization, () =>
        term.lattice.filter(new Float32Array(points).fill(1, 0, term.senders), 1, false),
      ),
    }));
  }

  start(): void {
    softmax(
      this.unary.map((u) => -u),
      this.classes,
      this.#q,
    );
  }

  resume(q: Float32Array): void {
    this.#q.fill(0).set(q);
  }

  step(count: number): void {
    for (let n = 0; n < count; n++) {
      const scores = this.costs();
      for (let i = 0; i < scores.length; i++) scores[i] = -this.unary[i]! - scores[i]!;
      softmax(scores, this.classes, this.#q);
    }
  }

  distribution(): Float32Array {
    return this.#q.slice();
  }

  costs(): Float32Array {
    const { points, classes } = this;
    const costs = new Float32Array(points * classes);
    const scratch = this.#scratch;
    for (const { data, factors, buffers, compatibility } of this.#terms) {
      multiply(this.#q, factors.before, classes, scratch);
      filter(data, scratch, scratch, classes, buffers);
      multiply(scratch, factors.after, classes, scratch);
      for (let at = 0; at < costs.length; at += classes) addCompatibility(compatibility, scratch, costs, at, classes);
    }
    return costs;
  }

  dispose(): void {}
}

function tables(lattice: EngineLattice, classes: number): { data: LatticeData; buffers: FilterBuffers } {
  const data = lattice.data();
  return { data, buffers: filterBuffers(data, classes) };
}

function multiply(
  values: Float32Array,
  factors: Float32Array | undefined,
  classes: number,
  result: Float32Array,
): void {
  if (!factors) {
    if (result !== values) result.set(values);
    return;
  }
  for (let i = 0, at = 0; i < factors.length; i++) {
    for (let c = 0; c < classes; c++, at++) result[at] = values[at]! * factors[i]!;
  }
}
