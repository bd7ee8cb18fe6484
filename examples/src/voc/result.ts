import type { BootstrapResult, ConfusionMatrix } from '@wsss/metrics';
import type { RungSlug } from './rungs';
import type { VocSettings } from './settings';
import type { StageRecord } from './stage-log';

type Counts = ReturnType<ConfusionMatrix['toJSON']>;

/** How good the masks of a split are. */
export interface SplitScore {
  readonly meanIou: number;
  /** Background first. */
  readonly iou: readonly (number | null)[];
  /** How far its mean IoU would move with other photos of the kind. */
  readonly interval: BootstrapResult;
  readonly matrix: Counts;
}

/** How good the masks of a rung are. */
export interface RungResult {
  readonly slug: RungSlug;
  readonly train?: SplitScore;
  readonly val: SplitScore;
  /** Seconds per photo of this step alone, without what it learned before. */
  readonly seconds: number | null;
}

/** All that a run found out: `result.json` of its folder. */
export interface VocResult {
  readonly settings: VocSettings;
  readonly backend: { readonly name: string; readonly threads: number; readonly device: string };
  readonly photos: { readonly train: number; readonly val: number; readonly withoutClass: number };
  readonly precision: { readonly perClass: readonly (number | null)[]; readonly mean: number };
  readonly rungs: readonly RungResult[];
  readonly stages: Readonly<Record<string, StageRecord>>;
}
