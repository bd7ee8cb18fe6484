import type { HostTensor } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import type { Split } from './open-split';
import type { RunFolder } from './run-folder';
import type { VocSettings } from './settings';
import type { StageLog } from './stage-log';

/** What every stage works with. */
export interface RunContext {
  readonly settings: VocSettings;
  /** The file of the backbone's weights. */
  readonly weightsFile: string;
  readonly train: Split;
  readonly val: Split;
  readonly folder: RunFolder;
  readonly log: StageLog;
  /** Frozen. */
  readonly backbone: Backbone;
}

/** The linear classifier on it, and what it says of the photos. */
export interface LearnedClassifier {
  /** `[6, F]`. */
  readonly weights: HostTensor;
  readonly precision: { readonly perClass: readonly (number | null)[]; readonly mean: number };
  /** Loss of each epoch. */
  readonly losses: readonly number[];
  /** Photo → probability of each class, from one pass: what gates a network's masks. */
  readonly scores: Readonly<Record<string, readonly number[]>>;
}
