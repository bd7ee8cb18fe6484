/** How a network wants its images: channel order, then `(x · scale − mean) / std` for x in 0..255. */
export interface Preprocess {
  readonly order: 'rgb' | 'bgr';
  readonly scale: number;
  /** One per channel, in `order`. */
  readonly mean: readonly number[];
  /** One per channel, in `order`. */
  readonly std: readonly number[];
}
