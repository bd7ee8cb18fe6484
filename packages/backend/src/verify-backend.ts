import { backend, engine } from '@tensorflow/tfjs-core';
import { BackendError } from '@wsss/core';
import { COPIES_REMEDY, coreCopies, describeCopies } from './core-copies';
import type { VerifiedOperation } from './verify/describe-result';
import { verificationTable } from './verify/verification-table';

/** Options of {@link verifyBackend}. */
export interface VerifyOptions {
  /** Largest difference of an output that passes, relative to its largest value. @default 1e-4; 1e-2 in half precision */
  readonly forward?: number;
  /** The same of a gradient. @default 1e-3; 1e-2 in half precision */
  readonly gradient?: number;
}

/** What {@link verifyBackend} found. */
export interface Verification {
  readonly backend: string;
  /** Whether everything passed. */
  readonly ok: boolean;
  /** One row for each operation and setting. */
  readonly rows: readonly VerifiedOperation[];
  /** A line for each operation, what fails and its remedy, as text. */
  readonly table: string;
}

/** By the bits of a number. */
const BOUNDS = { 32: { forward: 1e-4, gradient: 1e-3 }, 16: { forward: 1e-2, gradient: 1e-2 } } as const;

/**
 * Computes every operation that networks of this field use, on the backend in use, and compares the output with loops
 * in float64 and the gradients with finite differences of these loops. Says what fails, and the remedy. Takes a second
 * or two.
 *
 * @throws {BackendError} if no backend is in use.
 *
 * @example
 * await useBackend('wasm');
 * const { ok, table } = await verifyBackend();
 * console.log(table);
 */
export async function verifyBackend(options: VerifyOptions = {}): Promise<Verification> {
  const name = engine().backendName;
  if (!name) throw new BackendError('none', 'no backend is in use', "await useBackend('wasm')");
  const precision = backend().floatPrecision();
  const { forward, gradient } = { ...BOUNDS[precision], ...options };
  // Loaded when asked for: a program that only computes does not carry the references.
  const [{ operationCases }, { checkOperation }, { describeResult }] = await Promise.all([
    import('./verify/cases/index'),
    import('./verify/check-operation'),
    import('./verify/describe-result'),
  ]);
  const rows: VerifiedOperation[] = [copiesRow()];
  for (const operation of operationCases) {
    rows.push(describeResult(await checkOperation(operation), { forward, gradient }));
  }
  const ok = rows.every((row) => row.ok);
  const half = precision === 16 ? ' in half precision' : '';
  return { backend: name, ok, rows, table: verificationTable(`'${name}'${half}`, rows) };
}

function copiesRow(): VerifiedOperation {
  const copies = coreCopies(backend());
  const row = { operation: '@tensorflow/tfjs-core in one copy', forward: 0, gradient: 0 };
  if (copies.length === 1) return { ...row, ok: true };
  return { ...row, ok: false, problem: `there are ${copies.length}: ${describeCopies(copies)}`, remedy: COPIES_REMEDY };
}
