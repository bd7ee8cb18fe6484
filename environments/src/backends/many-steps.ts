import { backend, memory, randomNormal, type Tensor4D } from '@tensorflow/tfjs-core';
import { hostTensor } from '@wsss/core';
import { adamW, multilabelSoftMarginLoss } from '@wsss/train';
import { smallNetwork } from '../../../examples/src/quickstart/small-network';

/** What is held after the first steps, and after all of them. */
export interface Held {
  readonly tensors: readonly [number, number];
  /** Bytes that the backend has allocated, where it counts them. */
  readonly bytes: readonly [number, number] | undefined;
  /**
   * Bytes that the process has resident, in Node: the median of the first half of the steps and of the second, as garbage
   * comes and goes, and a machine without room takes pages away and gives them back.
   */
  readonly resident: readonly [number, number] | undefined;
  /** The loss at first and at last: it falls if training works. */
  readonly loss: readonly [number, number];
  /** Those that were taken. */
  readonly steps: number;
  /** What is held at some steps on the way. */
  readonly marks: readonly Mark[];
}

interface Mark {
  readonly step: number;
  readonly tensors: number;
  /** Bytes: allocated by the backend, where it counts them, and resident, in Node. */
  readonly bytes: number | undefined;
  readonly resident: number | undefined;
  readonly seconds: number;
}

const WARM_UP = 20;
/** Steps that are taken whatever the time: two halves after the warm-up are compared. */
const LEAST = 60;
const MARKS: readonly number[] = [20, 50, 100, 200, 500, 1000];

/** How long a run is. */
export interface StepLimits {
  readonly steps: number;
  /** After so much time it ends sooner. @default Infinity */
  readonly seconds?: number;
}

/** Trains on one batch again and again. */
export async function manySteps({ steps, seconds: most = Number.POSITIVE_INFINITY }: StepLimits): Promise<Held> {
  const network = smallNetwork({ classes: 2, seed: 1 });
  const optimizer = adamW({ parameters: network.parameters, learningRate: 0.001 });
  const x = randomNormal([2, 24, 24, 3], 0, 1, 'float32', 3) as Tensor4D;
  const labels = hostTensor(Float32Array.of(1, 0, 0, 1), [2, 2]);
  let [first, tensors, bytes, loss] = [0, 0, allocated(), 0];
  const resident: number[] = [];
  const marks: Mark[] = [];
  const start = performance.now();
  const seconds = () => Math.round((performance.now() - start) / 1000);
  let step = 0;
  for (; step < steps && !(step >= LEAST && seconds() > most); step++) {
    const value = optimizer.minimize(() => multilabelSoftMarginLoss(network.logits(x, { training: true }), labels));
    // Read now and then, as a program that shows its progress does: else the queue of the GPU grows.
    if (step % 10 === 9 || step === 0) [loss] = (await value.data()) as unknown as [number];
    value.dispose();
    if (step === 0) first = loss;
    if (step === WARM_UP - 1) [tensors, bytes] = [memory().numTensors, allocated()];
    const now = step >= WARM_UP ? residentBytes() : undefined;
    if (now !== undefined) resident.push(now);
    if (MARKS.includes(step + 1)) marks.push(mark(step + 1, seconds()));
  }
  const held: Held = {
    tensors: [tensors, memory().numTensors],
    bytes: pair(bytes, allocated()),
    resident: resident.length > 1 ? mediansOfHalves(resident) : undefined,
    loss: [first, loss],
    steps: step,
    marks,
  };
  optimizer.dispose();
  network.dispose();
  x.dispose();
  return held;
}

const pair = (before: number | undefined, after: number | undefined): readonly [number, number] | undefined =>
  before === undefined || after === undefined ? undefined : [before, after];

function mark(step: number, seconds: number): Mark {
  return { step, tensors: memory().numTensors, bytes: allocated(), resident: residentBytes(), seconds };
}

function mediansOfHalves(values: readonly number[]): readonly [number, number] {
  const half = Math.floor(values.length / 2);
  const median = (some: readonly number[]) => [...some].sort((a, b) => a - b)[some.length >> 1]!;
  return [median(values.slice(0, half)), median(values.slice(half))];
}

function allocated(): number | undefined {
  const of = backend().memory() as { numBytesAllocatedInGPU?: number; numBytesInGPUAllocated?: number };
  return of.numBytesAllocatedInGPU ?? of.numBytesInGPUAllocated;
}

function residentBytes(): number | undefined {
  const { process } = globalThis as { process?: { memoryUsage?: () => { rss: number } } };
  return process?.memoryUsage?.().rss;
}
