import {
  finiteValues,
  type HostTensor,
  hostTensor,
  hostValues,
  isHostTensor,
  matchShape,
  ShapeError,
  type TensorLike,
  ValueError,
} from '@wsss/core';
import { chooseEngine, type EngineName } from './choose-engine';
import { deviations } from './deviations';
import type { EngineLattice } from './engine';
import { bilateralPoints, featurePoints, gaussianPoints } from './image-points';
import type { LatticeData, PointSource } from './kernels/lattice-data';

export interface LatticeOptions {
  /**
   * `'pydensecrf'`: where the number of points is no multiple of 4, the vertices of a few phantom points at the origin
   * take part in the blur, as they do in pydensecrf on x86.
   */
  readonly compatibility?: 'pydensecrf';
  /** @default 'wasm' where it runs, else 'plain' */
  readonly engine?: EngineName;
  /** Threads to use at most; more than 1 only for larger images, where memory can be shared. @default all processors */
  readonly threads?: number;
}

/**
 * A permutohedral lattice: filters values at N points with a Gaussian of standard deviation 1 in their d features, in
 * time linear in N. Build it once per image and give it to several {@link DenseCrf}s.
 *
 * Source: Adams, Baek & Davis, "Fast high-dimensional filtering using the permutohedral lattice", Eurographics 2010.
 */
export class Lattice {
  readonly #engine: EngineLattice;
  #data: LatticeData | undefined;

  /**
   * @param features `[N, d]`, divided by their standard deviations.
   * @throws {ShapeError} if there are no points or no features.
   * @throws {ValueError} for features that are not finite, or spread over more than about 10⁴ deviations.
   */
  constructor(features: HostTensor | PointSource, options: LatticeOptions = {}) {
    const source = 'fill' in features ? features : fromTensor(features);
    const engine = chooseEngine(options.engine).lattice(
      source,
      options.compatibility === 'pydensecrf' && source.points % 4 !== 0,
      checkThreads(options.threads),
    );
    if (!engine) {
      throw new ValueError(
        'Lattice',
        'features',
        'to spread over less than about 10,000 standard deviations',
        'coordinates of the lattice beyond 16 bits',
        'Are the standard deviations too small, or the features not divided by them?',
      );
    }
    this.#engine = engine;
  }

  /** The lattice of an image's pixel positions; `sdims` is a number or `[sx, sy]`. */
  static gaussian(
    height: number,
    width: number,
    { sdims, ...options }: LatticeOptions & { sdims: number | readonly number[] },
  ): Lattice {
    return new Lattice(gaussianPoints(height, width, deviations('Lattice.gaussian', 'sdims', sdims, 2)), options);
  }

  /**
   * The lattice of an image's pixel positions and colours; `sdims` a number or `[sx, sy]`, `schan` a number or one per
   * channel.
   *
   * @param image `[h, w, channels]` or `[h, w]`.
   */
  static async bilateral(
    image: TensorLike,
    {
      sdims,
      schan,
      ...options
    }: LatticeOptions & { sdims: number | readonly number[]; schan: number | readonly number[] },
  ): Promise<Lattice> {
    const where = 'Lattice.bilateral';
    const shape = image.shape.length === 2 ? [...image.shape, 1] : image.shape;
    const { channels } = matchShape(where, 'image', shape, ['h', 'w', 'channels']);
    // Bytes are always finite, and faster.
    const bytes = await hostValues(where, 'image', image);
    const values = bytes instanceof Uint8Array ? bytes : await finiteValues(where, 'image', image);
    const [axes, spreads] = [deviations(where, 'sdims', sdims, 2), deviations(where, 'schan', schan, channels)];
    return new Lattice(bilateralPoints(values, shape, axes, spreads), options);
  }

  /** N */
  get points(): number {
    return this.#engine.points;
  }

  /** d */
  get dimensions(): number {
    return this.#engine.dimensions;
  }

  /** M, the number of lattice points that the points touch. */
  get vertices(): number {
    return this.#engine.vertices;
  }

  /** `[N, d + 1]`: the vertices around each point, by remainder; numbered in the order of first touch. */
  get offset(): HostTensor<Int32Array> {
    return hostTensor(this.#tables().offset, [this.points, this.dimensions + 1]);
  }

  /** `[N, d + 1]`: the rank of each coordinate in its simplex. */
  get rank(): HostTensor<Uint8Array> {
    return hostTensor(this.#tables().rank, [this.points, this.dimensions + 1]);
  }

  /** `[N, d + 1]`: the weight of each vertex, by remainder; they sum to 1. */
  get barycentric(): HostTensor {
    return hostTensor(this.#tables().barycentric, [this.points, this.dimensions + 1]);
  }

  /** `[d + 1, M, 2]`: each vertex's neighbours along each axis, −1 where there is none. */
  get neighbours(): HostTensor<Int32Array> {
    return hostTensor(this.#tables().neighbours, [this.dimensions + 1, this.vertices, 2]);
  }

  /**
   * Filters values at the points.
   *
   * @param values `[N, V]`
   * @param options `reverse` blurs the axes in the opposite order: the exact transpose of the filter.
   * @returns `[N, V]`, not normalised: divide by the filter of ones for a weighted mean.
   */
  async filter(values: TensorLike, { reverse = false }: { reverse?: boolean } = {}): Promise<HostTensor> {
    const { V } = matchShape('Lattice.filter', 'values', values.shape, ['N', 'V'], { N: this.points });
    const input = await finiteValues('Lattice.filter', 'values', values);
    return hostTensor(this.#engine.filter(input, V, reverse), values.shape);
  }

  /** Gives its memory back at once; without it, that happens when the object is garbage-collected. */
  dispose(): void {
    this.#engine.dispose();
  }

  /** For the classes of this package. */
  static engineOf(lattice: Lattice): EngineLattice {
    return lattice.#engine;
  }

  #tables(): LatticeData {
    this.#data ??= this.#engine.data();
    return this.#data;
  }
}

function fromTensor(features: HostTensor): PointSource {
  if (!isHostTensor(features)) {
    throw new ValueError(
      'Lattice',
      'features',
      'to be on the host',
      features,
      'hostTensor(await features.data(), features.shape)',
    );
  }
  const { N, d } = matchShape('Lattice', 'features', features.shape, ['N', 'd']);
  if (N === 0 || d === 0)
    throw new ShapeError('Lattice', 'features', 'to hold at least one point and one feature', features.shape);
  const values = Float32Array.from(features.values);
  const bad = values.findIndex((v) => !Number.isFinite(v));
  if (bad >= 0)
    throw new ValueError('Lattice', 'features', 'to be finite', `${values[bad]} at point ${Math.floor(bad / d)}`);
  return featurePoints(values, N, d);
}

/** @throws {ValueError} if it is not a whole number of at least 1. */
export function checkThreads(threads: number | undefined): number | undefined {
  if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
    throw new ValueError('crf', 'threads', 'to be a whole number of at least 1', threads);
  }
  return threads;
}
