/** Means over an epoch. */
export interface EpochRecord {
  /** From 0. */
  readonly epoch: number;
  /** Optimiser steps of this epoch. */
  readonly steps: number;
  readonly images: number;
  /** Mean over its images. */
  readonly loss: number;
  /** Mean of each named term. */
  readonly terms: Readonly<Record<string, number>>;
}

/** What an evaluation returned, and when. */
export interface EvaluationRecord {
  readonly step: number;
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/** What happened in a run, that part before a resume included. Plain data: it can go into JSON. */
export interface History {
  readonly steps: number;
  /** The loss of every step, before its update. */
  readonly losses: readonly number[];
  readonly epochs: readonly EpochRecord[];
  readonly evaluations: readonly EvaluationRecord[];
}

/** Sums of the epoch under way. */
export interface EpochSums {
  readonly images: number;
  readonly steps: number;
  readonly loss: number;
  readonly terms: Readonly<Record<string, number>>;
}

export const emptySums: EpochSums = { images: 0, steps: 0, loss: 0, terms: {} };

/** The sums with one more step: each mean weighs as much as it has images. */
export function addStep(sums: EpochSums, images: number, loss: number, terms: Record<string, number>): EpochSums {
  const total = { ...sums.terms };
  for (const [name, value] of Object.entries(terms)) total[name] = (total[name] ?? 0) + value * images;
  return { images: sums.images + images, steps: sums.steps + 1, loss: sums.loss + loss * images, terms: total };
}

/** The means of an epoch. */
export function epochRecord(epoch: number, { images, steps, loss, terms }: EpochSums): EpochRecord {
  const means = Object.fromEntries(Object.entries(terms).map(([name, sum]) => [name, sum / images]));
  return { epoch, steps, images, loss: loss / images, terms: means };
}
