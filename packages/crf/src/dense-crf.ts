import {
  finiteValues,
  type HostTensor,
  hostTensor,
  hostValues,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { chooseEngine } from './choose-engine';
import { type Compatibility, compatibilityMatrix } from './compatibility';
import { deviations } from './deviations';
import type { Field, Normalization, Term } from './engine';
import { featurePoints } from './image-points';
import { checkThreads, Lattice, type LatticeOptions } from './lattice';
import { memoryNeed } from './memory-need';

/** What every pairwise term has. */
export interface TermOptions {
  /** How strongly similar points must agree. */
  readonly compat: Compatibility;
  /** pydensecrf's kernel type: which parameters *could* be learned. Inference gives the same for all. @default 'diag' */
  readonly kernel?: 'const' | 'diag' | 'full';
  /** @default 'symmetric' */
  readonly normalization?: Normalization;
  /** A lattice made before from the same features, so that it is not built again. It stays the caller's to dispose. */
  readonly lattice?: Lattice;
}

export interface GaussianOptions extends TermOptions {
  /** Standard deviations in pixels: a number, or `[sx, sy]`. */
  readonly sdims: number | readonly number[];
}

export interface BilateralOptions extends GaussianOptions {
  /** `[h, w, channels]` or `[h, w]`, usually RGB 0..255. */
  readonly image: TensorLike;
  /** Standard deviations of the channels: a number, or one per channel. */
  readonly schan: number | readonly number[];
}

export interface EnergyOptions extends TermOptions {
  /** `[N, d]`, divided by their standard deviations: see {@link gaussianFeatures} and {@link bilateralFeatures}. */
  readonly features: TensorLike;
}

export type DenseCrfOptions = LatticeOptions & { readonly classes: number } & (
    | { readonly height: number; readonly width: number; readonly points?: undefined }
    | { readonly points: number; readonly height?: undefined; readonly width?: undefined }
  );

export interface InferOptions {
  /** Stops before `iterations` when no probability changed by more than this. */
  readonly tolerance?: number;
  /** Stops with its reason. */
  readonly signal?: AbortSignal;
  /** Called after every iteration. */
  readonly onStep?: (step: number) => void;
}

const NORMALIZATIONS: readonly Normalization[] = ['none', 'before', 'after', 'symmetric'];

/**
 * Fully connected conditional random field with Gaussian pairwise terms, inferred by mean field.
 * The setters only record what to do; the work is in {@link infer}, or in {@link start} and {@link step}.
 *
 * @example
 * const crf = new DenseCrf({ height, width, classes: 3 })
 *   .setUnary(await unaryFromSoftmax(scores))
 *   .addGaussian({ sdims: 3, compat: 3 })
 *   .addBilateral({ sdims: 80, schan: 13, image, compat: 10 });
 * const probabilities = await crf.infer(10); // [height, width, 3]
 * crf.dispose();
 *
 * Source: Krähenbühl & Koltun, "Efficient inference in fully connected CRFs with Gaussian edge potentials", NIPS 2011.
 */
export class DenseCrf {
  readonly classes: number;
  readonly points: number;
  readonly #shape: readonly number[];
  readonly #options: LatticeOptions;
  readonly #terms: { readonly dimensions: number; built: boolean; make(): Promise<Term> }[] = [];
  readonly #owned: Lattice[] = [];
  #unary: TensorLike | undefined;
  #field: Field | undefined;

  /**
   * @param options An image's `height` and `width`, or a number of `points`; `classes` from 1 to 255.
   * @throws {ValueError} if one is not a positive whole number.
   */
  constructor(options: DenseCrfOptions) {
    const { classes, height, width, points } = options;
    const whole = (name: string, value: unknown, most = 2 ** 31 - 1) => {
      if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most) {
        throw new ValueError('DenseCrf', name, `to be a whole number from 1 to ${most}`, value);
      }
      return value as number;
    };
    this.classes = whole('classes', classes, 255);
    this.#shape = points === undefined ? [whole('height', height), whole('width', width)] : [whole('points', points)];
    this.points = whole(
      'points',
      this.#shape.reduce((n, size) => n * size, 1),
    );
    if (options.compatibility !== undefined && options.compatibility !== 'pydensecrf') {
      throw new ValueError('DenseCrf', 'compatibility', "to be 'pydensecrf', or absent", options.compatibility);
    }
    this.#options = {
      compatibility: options.compatibility,
      engine: options.engine,
      threads: checkThreads(options.threads),
    };
  }

  /**
   * The cost of each class at each point; without it all are 0.
   *
   * @param unary `[h, w, K]` (or `[N, K]`), finite or +Infinity (an impossible class).
   */
  setUnary(unary: TensorLike): this {
    this.#reset();
    const { shape } = unary;
    const fits =
      String(shape) === String([...this.#shape, this.classes]) || String(shape) === String([this.points, this.classes]);
    if (!fits) {
      throw new ShapeError(
        'DenseCrf.setUnary',
        'unary',
        [...this.#shape, this.classes],
        shape,
        'The class is the last axis, unlike in pydensecrf.',
      );
    }
    this.#unary = unary;
    return this;
  }

  /** Smoothness: near pixels agree. For images. */
  addGaussian(options: GaussianOptions): this {
    const where = 'DenseCrf.addGaussian';
    const [height, width] = this.#image(where);
    const sdims = deviations(where, 'sdims', options.sdims, 2);
    return this.#add(where, options, 2, async () => Lattice.gaussian(height, width, { ...this.#options, sdims }));
  }

  /** Appearance: near pixels of similar colour agree. For images. */
  addBilateral(options: BilateralOptions): this {
    const where = 'DenseCrf.addBilateral';
    const [height, width] = this.#image(where);
    const { image } = options;
    const shape = image.shape.length === 2 ? [...image.shape, 1] : image.shape;
    const { channels } = matchShape(where, 'image', shape, ['height', 'width', 'channels'], { height, width });
    const sdims = deviations(where, 'sdims', options.sdims, 2);
    const schan = deviations(where, 'schan', options.schan, channels);
    return this.#add(where, options, 2 + channels, () => Lattice.bilateral(image, { ...this.#options, sdims, schan }));
  }

  /** Points with similar features agree: any features. */
  addEnergy(options: EnergyOptions): this {
    const where = 'DenseCrf.addEnergy';
    const { features } = options;
    const { d } = matchShape(where, 'features', features.shape, ['N', 'd'], { N: this.points });
    if (d === 0) throw new ShapeError(where, 'features', ['N', 'd ≥ 1'], features.shape);
    return this.#add(where, options, d, async () => {
      const values = await finiteValues(where, 'features', features);
      return new Lattice(featurePoints(values, this.points, d), this.#options);
    });
  }

  /**
   * Runs the mean field from the start.
   *
   * @param iterations Number of parallel updates; 0 gives softmax(−unary).
   * @returns Probabilities `[h, w, K]` (`[N, K]` for points).
   * @throws {ValueError} for NaN in the unary, or a point at which every class is impossible.
   */
  async infer(iterations: number, { tolerance, signal, onStep }: InferOptions = {}): Promise<HostTensor> {
    if (!Number.isInteger(iterations) || iterations < 0) {
      throw new ValueError('DenseCrf.infer', 'iterations', 'to be a whole number of at least 0', iterations);
    }
    if (tolerance !== undefined && !(tolerance >= 0))
      throw new ValueError('DenseCrf.infer', 'tolerance', 'to be at least 0', tolerance);
    signal?.throwIfAborted();
    const field = await this.#begin(signal);
    field.start();
    if (tolerance === undefined && !signal && !onStep) {
      field.step(iterations);
      return this.#result(field);
    }
    let before = tolerance === undefined ? undefined : field.distribution();
    for (let step = 1; step <= iterations; step++) {
      field.step(1);
      onStep?.(step);
      if (signal) {
        // Only between macrotasks can an abort arrive.
        await new Promise((resolve) => setTimeout(resolve, 0));
        signal.throwIfAborted();
      }
      if (before) {
        const now = field.distribution();
        if (now.every((q, i) => Math.abs(q - before![i]!) <= tolerance!)) break;
        before = now;
      }
    }
    return this.#result(field);
  }

  /** Prepares stepwise inference and returns softmax(−unary). */
  async start(): Promise<HostTensor> {
    const field = await this.#begin();
    field.start();
    return this.#result(field);
  }

  /** One more update after {@link start}, {@link infer} or {@link step}. */
  async step(): Promise<HostTensor> {
    const field = this.#started('step');
    field.step(1);
    return this.#result(field);
  }

  /**
   * What the mean field decreases, up to a constant: Σ Q ln Q + Σ u Q + Σ Q · compat(filter(Q)), pairs counted twice as
   * in pydensecrf. Good to watch; not a true divergence.
   */
  async klDivergence(): Promise<number> {
    const field = this.#started('klDivergence');
    const q = field.distribution();
    const costs = field.costs();
    const unary = await this.#unaryValues();
    let sum = 0;
    for (let i = 0; i < q.length; i++) {
      const p = q[i]!;
      if (p === 0) continue;
      sum += p * (Math.log(Math.max(p, 1e-20)) + unary[i]! + costs[i]!);
    }
    return sum;
  }

  /** The class with the largest probability at each point, `[h, w]` (`[N]`); the first of equals. */
  async map(): Promise<HostTensor<Uint8Array>> {
    const q = this.#started('map').distribution();
    const labels = new Uint8Array(this.points);
    for (let i = 0; i < labels.length; i++) {
      let best = 0;
      for (let c = 1; c < this.classes; c++) if (q[i * this.classes + c]! > q[i * this.classes + best]!) best = c;
      labels[i] = best;
    }
    return hostTensor(labels, this.#shape);
  }

  /** Gives all memory back, that of lattices from outside excepted. */
  dispose(): void {
    this.#reset();
    for (const lattice of this.#owned.splice(0)) lattice.dispose();
    this.#terms.length = 0;
    this.#unary = undefined;
  }

  #add(
    where: string,
    { compat, kernel = 'diag', normalization = 'symmetric', lattice }: TermOptions,
    dimensions: number,
    build: () => Promise<Lattice>,
  ): this {
    this.#reset();
    if (!['const', 'diag', 'full'].includes(kernel))
      throw new ValueError(where, 'kernel', "to be 'const', 'diag' or 'full'", kernel);
    if (!NORMALIZATIONS.includes(normalization)) {
      throw new ValueError(where, 'normalization', `to be one of ${NORMALIZATIONS.join(', ')}`, normalization);
    }
    if (lattice && (lattice.points !== this.points || lattice.dimensions !== dimensions)) {
      throw new ValueError(
        where,
        'lattice',
        `to have ${this.points} points of ${dimensions} features`,
        `${lattice.points} of ${lattice.dimensions}`,
      );
    }
    const compatibility = compatibilityMatrix(where, compat, this.classes);
    let found: Lattice | undefined = lattice;
    const term = {
      dimensions,
      built: lattice !== undefined,
      make: async () => {
        if (!found) {
          found = await build();
          term.built = true;
          this.#owned.push(found);
        }
        return { lattice: Lattice.engineOf(found), normalization, compatibility };
      },
    };
    this.#terms.push(term);
    return this;
  }

  #image(where: string): readonly [number, number] {
    const [height, width] = this.#shape;
    if (height === undefined || width === undefined) {
      throw new ValueError(
        where,
        'this',
        'to be the CRF of an image ({ height, width })',
        `one of ${this.points} points`,
        'Use addEnergy with features.',
      );
    }
    return [height, width];
  }

  async #begin(signal?: AbortSignal): Promise<Field> {
    if (!this.#field) {
      const { points, classes } = this;
      const { engine: name, threads } = this.#options;
      const engine = chooseEngine(name);
      const shape = [...this.#shape, classes].join(' × ');
      engine.require(memoryNeed({ points, classes, terms: this.#terms }), `Probabilities ${shape} and their lattices`);
      const unary = await this.#unaryValues();
      const terms: Term[] = [];
      for (const { make } of this.#terms) {
        signal?.throwIfAborted();
        terms.push(await make());
      }
      signal?.throwIfAborted();
      this.#field = engine.field(points, classes, unary, terms, threads);
    }
    return this.#field;
  }

  async #unaryValues(): Promise<Float32Array> {
    if (!this.#unary) return new Float32Array(this.points * this.classes);
    const values = await hostValues('DenseCrf', 'unary', this.#unary);
    return values instanceof Float32Array ? values : new Float32Array(values);
  }

  #started(method: string): Field {
    if (!this.#field)
      throw new ValueError(
        `DenseCrf.${method}`,
        'this',
        'to have been started',
        'none',
        'Call start() or infer() first.',
      );
    return this.#field;
  }

  #result(field: Field): HostTensor {
    return hostTensor(field.distribution(), [...this.#shape, this.classes]);
  }

  #reset(): void {
    this.#field?.dispose();
    this.#field = undefined;
  }
}
