import type { TensorLike } from '@wsss/core';

/** A photo's mask, as exporters take it. */
export interface MaskedSample {
  readonly id: string;
  /** RGB bytes `[h, w, 3]`. */
  readonly image?: TensorLike;
  /** Names of classes. @default those that the mask shows */
  readonly labels?: readonly string[];
  /** Class indices `[h, w]`: 0 background, i is `classes[i − 1]`, 255 ignored. */
  readonly mask?: TensorLike;
}
