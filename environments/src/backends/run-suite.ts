import { memory } from '@tensorflow/tfjs-core';
import { type BackendInfo, type BackendName, backendReport, useBackend, verifyBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { camFunctions } from './cam-functions';
import { kernels } from './kernels';
import { type Held, manySteps, type StepLimits } from './many-steps';
import { masks, type Weights } from './masks';
import { networks } from './networks';
import type { Summaries } from './summary';
import { trainingStep } from './training-step';

/** What is computed on every backend. */
export interface Computed {
  readonly kernels: Summaries;
  readonly cam: Summaries;
  readonly networks: Readonly<Record<string, Summaries>>;
  readonly masks: readonly number[];
}

/** What the suite found on a backend. */
export interface SuiteResult extends Computed {
  readonly info: BackendInfo;
  readonly report: string;
  readonly rows: Awaited<ReturnType<typeof verifyBackend>>['rows'];
  readonly held: Held;
  /** Tensors that were left behind. */
  readonly left: number;
  readonly seconds: Readonly<Record<string, number>>;
}

export interface SuiteOptions {
  readonly weights: Weights;
  readonly wasmPaths?: string;
  /** Of training, one after the other. */
  readonly steps: StepLimits;
  /** Told what is done, and how many seconds it took. */
  readonly onPart?: (part: string, seconds: number) => void;
}

/** Runs everything on a backend. */
export async function runSuite(
  name: BackendName,
  { weights, wasmPaths, steps, onPart }: SuiteOptions,
): Promise<SuiteResult> {
  const info = await useBackend(name, { ...(wasmPaths && { wasmPaths }) });
  const seconds: Record<string, number> = {};
  const timed = async <T>(part: string, run: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    const result = await run();
    seconds[part] = Math.round((performance.now() - start) / 100) / 10;
    onPart?.(part, seconds[part]);
    return result;
  };
  const { rows } = await timed('verify', () => verifyBackend());
  const computed = await compute(weights, timed);
  const left = memory().numTensors;
  const held = await timed('steps', () => manySteps(steps));
  return { info, report: backendReport(), rows, ...computed, held, left, seconds };
}

/** What is compared with another backend: everything but the verification. */
export async function compute(
  weights: Weights,
  timed: <T>(part: string, run: () => Promise<T>) => Promise<T> = (_, run) => run(),
): Promise<Computed> {
  const found = {
    kernels: await timed('kernels', kernels),
    cam: await timed('cam', camFunctions),
    masks: await timed('masks', () => masks(weights)),
  };
  const steps: Record<string, Summaries> = {};
  for (const [name, make] of Object.entries(networks)) {
    steps[name] = await timed(name, async () => trainingStep(name, await make()));
  }
  return { ...found, networks: steps };
}
