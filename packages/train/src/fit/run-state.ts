import type { EpochRecord, EpochSums, EvaluationRecord, History } from './history';
import { emptySums, epochRecord } from './history';

/** Where a run stands, between two steps. Plain data. */
export interface RunState {
  /** Optimiser steps taken. */
  step: number;
  epoch: number;
  /** Batches of the epoch that were used. */
  position: number;
  /** Of the epoch under way. */
  sums: EpochSums;
  losses: number[];
  epochs: EpochRecord[];
  evaluations: EvaluationRecord[];
}

/** A run that has not begun. */
export function startState(): RunState {
  return { step: 0, epoch: 0, position: 0, sums: emptySums, losses: [], epochs: [], evaluations: [] };
}

/** What the caller is told; an epoch that the run ended in the middle of counts as far as it went. */
export function historyOf({ step, epoch, sums, losses, epochs, evaluations }: RunState): History {
  const partial = sums.steps > 0 ? [epochRecord(epoch, sums)] : [];
  return { steps: step, losses: [...losses], epochs: [...epochs, ...partial], evaluations: [...evaluations] };
}
