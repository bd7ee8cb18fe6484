import { dispose, type NamedTensorMap } from '@tensorflow/tfjs-core';
import { type Random, random, ValueError } from '@wsss/core';
import type { CheckpointStore } from '../checkpoint/checkpoint-store';
import { batchSize, checkSize } from './batch-size';
import { resumeRun, saveRun, storeOf } from './checkpoint';
import { addStep, emptySums, epochRecord, type History } from './history';
import { checkFitOptions, type FitOptions } from './options';
import { Pace } from './progress';
import { openEpoch, untilAborted } from './read-epoch';
import { historyOf, type RunState, startState } from './run-state';
import { soundGradients } from './sound-gradients';
import { accumulate, batchGradients, scale } from './step-gradients';

/**
 * Trains: takes batches, computes the loss and its gradients, and steps the optimiser, for a number of epochs or steps.
 *
 * With `checkpoint`, a run that was killed goes on where its last checkpoint stands when `fit` is called again with the
 * same options, and ends with the same bytes.
 *
 * The caller keeps all it gave: parameters, optimiser, batches. What is random takes the streams that `fit` hands out,
 * so that equal seeds give equal runs on the same backend with the same number of threads.
 *
 * @returns Losses, means per epoch, and evaluations.
 * @throws {ValueError} if an option is out of range, or the data yields nothing.
 * @throws {FormatError} if the checkpoint is damaged.
 * @throws {NonFiniteLossError} naming step and term, if the loss or a gradient is NaN or infinite; the parameters are
 *   as before that step.
 *
 * @example
 * const optimizer = sgd({ parameters: network.parameters, learningRate: 0.01, momentum: 0.9 });
 * await fit({
 *   data, // before `loss`, so that TypeScript knows what a batch is
 *   loss: ({ images, labels }) => multilabelSoftMarginLoss(logits(images), labels),
 *   optimizer, epochs: 5, onProgress: progressBar(),
 * });
 */
export async function fit<B>(options: FitOptions<B>): Promise<History> {
  checkFitOptions(options);
  return await new Run(options).go();
}

/** Gradients of one optimiser step, over one batch or several. */
interface Step {
  readonly gradients: NamedTensorMap;
  readonly loss: number;
  readonly terms: Record<string, number>;
  readonly images: number;
  readonly batches: number;
}

class Run<B> {
  readonly #options: FitOptions<B>;
  readonly #random: Random;
  readonly #pace = new Pace();
  readonly #store: CheckpointStore | undefined;
  #state: RunState = startState();
  /** What the last checkpoint holds. */
  #saved = marks(this.#state);
  /** Batches per epoch, once known. */
  #length: number | undefined;

  constructor(options: FitOptions<B>) {
    this.#options = options;
    this.#random = random(options.seed ?? 0);
    this.#store = storeOf(options);
  }

  async go(): Promise<History> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    if (this.#store) this.#state = (await resumeRun(this.#store, this.#options)) ?? this.#state;
    this.#saved = marks(this.#state);
    try {
      while (!this.#finished()) await this.#epoch();
      await this.#evaluate(true);
      await this.#save();
    } catch (error) {
      // Between two steps everything is whole: what was begun of the next one has changed nothing.
      if (signal?.aborted && error === signal.reason) await this.#save();
      throw error;
    }
    return historyOf(this.#state);
  }

  #finished(): boolean {
    const { steps, epochs } = this.#options;
    return (
      this.#state.step >= (steps ?? Number.POSITIVE_INFINITY) ||
      this.#state.epoch >= (epochs ?? Number.POSITIVE_INFINITY)
    );
  }

  /** Goes on to the end of the epoch, or of the run. */
  async #epoch(): Promise<void> {
    const { data, signal } = this.#options;
    const { epoch, position } = this.#state;
    const context = { epoch, random: this.#random.fork('data').fork(epoch), signal };
    const { iterator, length } = await openEpoch(data, context, position);
    this.#length = length ?? this.#length;
    let ended = false;
    try {
      while (!this.#finished()) {
        await this.#betweenSteps();
        const step = await this.#gather(iterator);
        ended = step === undefined;
        if (!step) break;
        await this.#apply(step);
      }
    } finally {
      // Not waited for: after an abort, a source may still be waiting itself.
      if (!ended) (async () => iterator.return?.())().catch(() => {});
    }
    if (ended) await this.#endEpoch();
  }

  async #betweenSteps(): Promise<void> {
    const { evaluateEvery, checkpoint, signal } = this.#options;
    const due = (every: number | undefined) => every !== undefined && this.#state.step % every === 0;
    if (this.#state.step > 0) {
      await this.#evaluate(due(evaluateEvery));
      // At the beginning of an epoch there may be nothing new since the end of the one before.
      const { step, evaluations } = this.#saved;
      const news = step !== this.#state.step || evaluations !== this.#state.evaluations.length;
      if (news && due(checkpoint?.every)) await this.#save();
    }
    signal?.throwIfAborted();
  }

  async #save(): Promise<void> {
    const store = this.#store;
    const { step, epoch, evaluations } = this.#saved;
    const state = this.#state;
    const news = step !== state.step || epoch !== state.epoch || evaluations !== state.evaluations.length;
    if (!store || !news) return;
    await this.#pace.aside(() => saveRun(store, this.#options, state));
    this.#saved = marks(state);
  }

  /** The gradients of the next step; undefined at the end of the epoch. */
  async #gather(iterator: Iterator<B> | AsyncIterator<B>): Promise<Step | undefined> {
    const { optimizer, loss, size = batchSize, accumulate: most = 1, signal } = this.#options;
    const { step, epoch, position } = this.#state;
    let gradients: NamedTensorMap = {};
    const total = { loss: 0, terms: {} as Record<string, number>, images: 0, batches: 0 };
    try {
      while (total.batches < most) {
        const next = await untilAborted(iterator.next(), signal);
        if (next.done) break;
        const images = checkSize(size(next.value));
        const at = position + total.batches;
        const stream = this.#random.fork('loss').fork(epoch).fork(at);
        const one = await batchGradients(optimizer, step, () =>
          loss(next.value, { step, epoch, position: at, random: stream }),
        );
        gradients = most === 1 ? one.gradients : accumulate(gradients, one.gradients, images);
        total.loss += one.loss * images;
        for (const [name, value] of Object.entries(one.terms)) {
          total.terms[name] = (total.terms[name] ?? 0) + value * images;
        }
        total.images += images;
        total.batches++;
      }
    } catch (error) {
      dispose(gradients);
      throw error;
    }
    if (total.batches === 0) return undefined;
    const terms = Object.fromEntries(Object.entries(total.terms).map(([name, sum]) => [name, sum / total.images]));
    if (most > 1) gradients = scale(gradients, 1 / total.images);
    return { gradients, loss: total.loss / total.images, terms, images: total.images, batches: total.batches };
  }

  async #apply(step: Step): Promise<void> {
    const { optimizer, clip, ema, onProgress } = this.#options;
    const state = this.#state;
    const learningRate = optimizer.learningRate;
    const gradients = await soundGradients(optimizer, state.step, step.gradients, clip);
    try {
      optimizer.step(gradients);
      ema?.update();
    } finally {
      dispose(gradients);
    }
    state.step++;
    state.position += step.batches;
    state.sums = addStep(state.sums, step.images, step.loss, step.terms);
    state.losses.push(step.loss);
    this.#pace.step(step.images);
    if (!onProgress) return;
    const { loss, terms } = epochRecord(state.epoch, state.sums);
    const steps = this.#totalSteps();
    onProgress({
      step: state.step,
      steps,
      epoch: state.epoch,
      epochs: this.#options.epochs,
      loss,
      terms,
      learningRate,
      imagesPerSecond: this.#pace.imagesPerSecond,
      secondsLeft: steps === undefined ? undefined : this.#pace.secondsLeft(steps - state.step),
    });
  }

  async #endEpoch(): Promise<void> {
    const state = this.#state;
    if (state.sums.steps === 0) {
      const hint = 'A generator can be read once: pass a function that makes a new one for each epoch.';
      throw new ValueError('fit', 'data', 'to yield a batch in every epoch', `none in epoch ${state.epoch + 1}`, hint);
    }
    await this.#evaluate(this.#options.evaluateEvery === undefined);
    state.epochs.push(epochRecord(state.epoch, state.sums));
    state.epoch++;
    state.position = 0;
    state.sums = emptySums;
    if (this.#options.checkpoint?.every === undefined) await this.#save();
  }

  /** Evaluates, unless it was done after this very step. */
  async #evaluate(due: boolean): Promise<void> {
    const { evaluate, signal } = this.#options;
    const { step, epoch, evaluations, sums } = this.#state;
    if (!evaluate || !due || evaluations.at(-1)?.step === step) return;
    // After the last epoch the run stands at the beginning of one that it will not begin.
    const of = sums.steps > 0 ? epoch : epoch - 1;
    const values = await this.#pace.aside(() => evaluate({ step, epoch: of, signal }));
    for (const [name, value] of Object.entries(values)) {
      if (!Number.isFinite(value)) throw new ValueError('fit', 'evaluate', `to return a finite '${name}'`, value);
    }
    evaluations.push({ step, epoch: of, values });
  }

  #totalSteps(): number | undefined {
    const { steps, epochs, accumulate: most = 1 } = this.#options;
    if (steps !== undefined) return steps;
    const perEpoch = this.#length === undefined ? this.#state.epochs[0]?.steps : Math.ceil(this.#length / most);
    return perEpoch === undefined ? undefined : perEpoch * epochs!;
  }
}

/** What tells one checkpoint of a run from another. */
function marks({ step, epoch, evaluations }: RunState): { step: number; epoch: number; evaluations: number } {
  return { step, epoch, evaluations: evaluations.length };
}
