import type { Overlap } from './seed-options';

/** What computes the structure's overlaps and the cosines on the host. */
export interface Engine {
  readonly name: 'wasm' | 'plain';
  /**
   * The overlap of each cell's structure with each channel.
   *
   * @param features `[cells, F]`, as they are.
   * @param cam `[cells, channels]`.
   * @returns `[cells, channels]`, the background's multiplied by its factor.
   */
  structureIou(features: Float32Array, cam: Float32Array, channels: number, options: IouOptions): Promise<Float32Array>;
  /** The positive part of the cosines of features `[cells, F]` and prototypes `[K, F]`: `[cells, K]`. */
  cosines(features: Float32Array, prototypes: Float32Array, channels: number): Float32Array;
}

export interface IouOptions {
  readonly overlap: Overlap;
  readonly backgroundFactor: number;
}
