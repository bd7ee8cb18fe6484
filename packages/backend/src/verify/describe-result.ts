import { BackendError } from '@wsss/core';
import type { OperationResult } from './check-operation';

/** One line of a verification. */
export interface VerifiedOperation {
  /** Name and setting: `'conv2d 3×3 → 4, …'`. */
  readonly operation: string;
  readonly ok: boolean;
  /** Largest difference of the output from float64 loops, relative to its largest value. */
  readonly forward: number;
  /** Largest difference of the gradients from finite differences of the same loops, relative to the largest gradient. */
  readonly gradient: number;
  /** What is wrong. */
  readonly problem?: string;
  /** What to do about it. */
  readonly remedy?: string;
}

export interface Bounds {
  readonly forward: number;
  readonly gradient: number;
}

const IMPORT = "import '@wsss/backend/gradients'";
const REPORT = `${IMPORT} if that is not done yet; else it is a defect: please report it with the text of backendReport()`;

/** Judges a result. */
export function describeResult(result: OperationResult, bounds: Bounds): VerifiedOperation {
  const { forward, error, leaked } = result;
  const operation = `${result.operation} ${result.setting}`;
  const gradient = error ? Number.POSITIVE_INFINITY : Math.max(0, ...result.gradients);
  const fails = (problem: string, remedy: string): VerifiedOperation => ({
    operation,
    ok: false,
    forward,
    gradient,
    problem,
    remedy,
  });
  if (error instanceof BackendError) {
    const [problem, ...remedy] = error.message.split('\n');
    return fails(problem!, remedy.join('\n') || REPORT);
  }
  // The engine's own words where no gradient is registered.
  if (error) return fails(error.message.split('\n')[0]!, /gradient/i.test(error.message) ? IMPORT : REPORT);
  if (forward > bounds.forward) return fails(`its output is off by ${forward.toExponential(1)}`, REPORT);
  if (gradient > bounds.gradient) return fails(`its gradient is off by ${gradient.toExponential(1)}`, REPORT);
  if (leaked !== 0) return fails(`it leaves tensors behind: ${leaked}`, REPORT);
  return { operation, ok: true, forward, gradient };
}
