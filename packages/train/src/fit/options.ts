import type { Scalar } from '@tensorflow/tfjs-core';
import { type Random, ValueError } from '@wsss/core';
import type { CheckpointStore } from '../checkpoint/checkpoint-store';
import type { Ema } from '../optimizers/ema';
import type { Optimizer } from '../optimizers/optimizer';
import type { Progress } from './progress';

/** What a data function is told. */
export interface EpochContext {
  /** From 0. */
  readonly epoch: number;
  /** A stream of this epoch alone: shuffle and augment with it, and a resumed run sees the same data. */
  readonly random: Random;
  readonly signal: AbortSignal | undefined;
}

/** Batches of one epoch. One that has `from` can start in the middle, so that resuming need not read what was used. */
export type Batches<B> = (Iterable<B> | AsyncIterable<B>) & {
  /** Batches in the epoch, where known: for the time left. */
  readonly length?: number;
  /** The batches from this position on. */
  from?(position: number): Iterable<B> | AsyncIterable<B>;
};

/** Batches that can be read anew in each epoch (not a generator), or a function that gives those of an epoch. */
export type Data<B> = Batches<B> | ((context: EpochContext) => Batches<B> | Promise<Batches<B>>);

/** What a loss function is told. */
export interface StepContext {
  /** Optimiser steps taken so far, from 0. */
  readonly step: number;
  readonly epoch: number;
  /** Position of the batch in its epoch, from 0. */
  readonly position: number;
  /** A stream of this batch alone, for dropout and the like. */
  readonly random: Random;
}

/** A scalar, or named terms whose sum is the loss. */
export type LossFunction<B> = (batch: B, context: StepContext) => Scalar | Record<string, Scalar>;

/** What an evaluation is told. */
export interface EvaluationContext {
  /** Steps taken so far. */
  readonly step: number;
  readonly epoch: number;
  readonly signal: AbortSignal | undefined;
}

/** Where and how often a checkpoint is written: in a folder, or in a store of one's own. */
export interface CheckpointOptions {
  /** A folder; `checkpoint.safetensors` in it (Node). */
  readonly directory?: string;
  readonly store?: CheckpointStore;
  /** Steps between checkpoints. @default one at the end of each epoch */
  readonly every?: number;
}

/** State of the caller's own that belongs into a checkpoint, e.g. of a random stream that lives in a network. */
export interface OwnState {
  /** Returns what JSON can hold. */
  save(): unknown;
  load(saved: unknown): void | Promise<void>;
}

/** Options of `fit`. */
export interface FitOptions<B> {
  /** Called in `tidy`; disposes nothing of the batch. Must be a mean over the batch for `accumulate` to be exact. */
  readonly loss: LossFunction<B>;
  /** Its parameters are trained, and all that it holds is in the checkpoint. */
  readonly optimizer: Optimizer;
  readonly data: Data<B>;
  /** Passes over the data; or else `steps`. */
  readonly epochs?: number;
  /** Optimiser steps, over as many epochs as that takes. */
  readonly steps?: number;
  /** Of every random stream. @default 0 */
  readonly seed?: number;
  /** Largest global norm of the gradients. @default none */
  readonly clip?: number;
  /** Batches per optimiser step; their gradients are averaged by size, as if they were one batch. @default 1 */
  readonly accumulate?: number;
  /** Images in a batch. @default the first size of the first tensor found in it, or its length, or 1 */
  readonly size?: (batch: B) => number;
  /** Averages of parameters, updated after every step. */
  readonly ema?: Ema;
  /**
   * Written after so many steps, at the end, and on abort. Where there is one already, `fit` goes on from it: with the
   * same options, bit for bit as if it had never been interrupted.
   */
  readonly checkpoint?: CheckpointOptions;
  /** What else must be in the checkpoint. */
  readonly state?: OwnState;
  /** Measures the network, e.g. on the validation photos; what it returns goes into the history. */
  readonly evaluate?: (context: EvaluationContext) => Record<string, number> | Promise<Record<string, number>>;
  /** Steps between evaluations; one is made at the end in any case. @default one per epoch */
  readonly evaluateEvery?: number;
  /** Called after every step. */
  readonly onProgress?: (progress: Progress) => void;
  /** Stops after the step under way, saves a checkpoint if there is one, and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Checks the options that are plain numbers. */
export function checkFitOptions<B>(options: FitOptions<B>): void {
  const { epochs, steps, clip } = options;
  if ((epochs === undefined) === (steps === undefined)) {
    throw new ValueError('fit', 'epochs', 'or `steps` to be given, and not both', epochs);
  }
  for (const name of ['epochs', 'steps', 'accumulate', 'evaluateEvery'] as const) {
    const value = options[name];
    if (value !== undefined && !(Number.isSafeInteger(value) && value >= 1)) {
      throw new ValueError('fit', name, 'to be a whole number ≥ 1', value);
    }
  }
  if (clip !== undefined && !(clip > 0)) throw new ValueError('fit', 'clip', 'to be positive', clip);
}
