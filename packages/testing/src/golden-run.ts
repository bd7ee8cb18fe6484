import { type Comparison, compare, type Tolerance } from './compare';
import type { GoldenCase } from './golden-case';
import { type ReferenceArray, type ReferenceTensor, toNumbers } from './reference-tensor';
import { claimLeaves, leavesOf, readPath } from './sidecar';

/** One comparison of a case. */
export interface GoldenRow extends Comparison {
  /** The tensor's name, or the path of the value in the sidecar. */
  tensor: string;
  /** Which of our functions, where a tensor is compared more than once. */
  via: string;
}

export interface GoldenOutcome {
  verdict: 'passed' | 'failed' | 'not covered';
  rows: GoldenRow[];
  /** Tensors and recorded values that were neither read nor compared. */
  open: string[];
  /** Why the case cannot be run at all. */
  error?: string;
}

/** Anything with a shape whose values can be had: a result of ours. */
export interface Result {
  readonly shape: readonly number[];
  data(): Promise<ArrayLike<number> | ArrayLike<bigint>>;
}

export interface CompareOptions {
  tolerance: Tolerance;
  /** From the reference's layout to ours. */
  layout?: (expected: ReferenceTensor) => { shape: readonly number[]; values: ArrayLike<number> | ArrayLike<bigint> };
  via?: string;
}

/**
 * A case while it is being run. It keeps account of what was read and compared, so that a case counts as passed only
 * when every tensor of the file and every value recorded in the sidecar was one or the other.
 */
export class GoldenRun {
  readonly id: string;
  readonly sidecar: Readonly<Record<string, unknown>>;
  /** What `index.json` suggests for this case. */
  readonly suggested: Tolerance | undefined;
  private readonly tensors: Map<string, ReferenceTensor>;
  private readonly openTensors: Set<string>;
  private readonly openLeaves: Set<string>;
  private readonly rows: GoldenRow[] = [];

  constructor(golden: GoldenCase) {
    this.id = golden.id;
    this.sidecar = golden.sidecar;
    this.suggested = golden.tolerance;
    this.tensors = golden.load();
    this.openTensors = new Set(this.tensors.keys());
    this.openLeaves = new Set(leavesOf(golden.sidecar));
  }

  /** Whether the file holds this tensor. */
  has(name: string): boolean {
    return this.tensors.has(name);
  }

  /** The names of the tensors that match, with their groups, in the order of the file. */
  names(pattern: RegExp): RegExpExecArray[] {
    return [...this.tensors.keys()].flatMap((name) => {
      const match = pattern.exec(name);
      return match ? [match] : [];
    });
  }

  /** A tensor to compute from. */
  input<A extends ReferenceArray = Float32Array>(name: string): ReferenceTensor<A> {
    const tensor = this.tensors.get(name);
    if (!tensor) throw new Error(`${this.id} has no tensor \`${name}\``);
    this.openTensors.delete(name);
    return tensor as ReferenceTensor<A>;
  }

  /** A parameter: a value of the sidecar to compute with, `undefined` where there is none. */
  parameter<T>(name: string): T | undefined {
    const parameters = (this.sidecar.parameters ?? this.sidecar.params ?? this.sidecar) as Record<string, unknown>;
    if (parameters === this.sidecar) claimLeaves(this.openLeaves, name);
    return parameters[name] as T | undefined;
  }

  /** Whether the sidecar records something at this path. */
  records(path: string): boolean {
    return readPath(this.sidecar, path) !== undefined;
  }

  /** Says that values of the sidecar describe the case and are no result; `*` stands for one key. */
  describes(...paths: string[]): void {
    for (const path of paths) claimLeaves(this.openLeaves, path);
  }

  /** Compares a result with a tensor of the file. */
  async compare(name: string, result: Result, { tolerance, layout, via = '' }: CompareOptions): Promise<void> {
    const stored = this.input<ReferenceArray>(name);
    const expected = layout ? layout(stored) : stored;
    const values = await result.data();
    this.rows.push({
      tensor: name,
      via,
      ...compare(
        { shape: result.shape, values: toNumbers(values) },
        { shape: expected.shape, values: toNumbers(expected.values) },
        tolerance,
      ),
    });
  }

  /**
   * Compares numbers with those that the sidecar records at a path: one, a list, or several by their keys. `null` is
   * equal to `null` only.
   */
  compareRecorded(path: string, result: RecordedGroup, { tolerance, via = '' }: Omit<CompareOptions, 'layout'>): void {
    const parts = isGroup(result) ? Object.entries(result) : [['', result] as const];
    const [ours, theirs] = [[] as (number | null)[], [] as (number | null)[]];
    for (const [key, value] of parts) {
      const full = key ? `${path}/${key}` : path;
      const expected = readPath(this.sidecar, full) as Recorded | undefined;
      if (expected === undefined) throw new Error(`${this.id} records nothing at \`${full}\``);
      claimLeaves(this.openLeaves, full);
      if (flat(expected).length !== flat(value).length) ours.push(Number.NaN); // another length is never equal
      ours.push(...flat(value));
      theirs.push(...flat(expected));
    }
    this.rows.push({ tensor: path, via, ...compareLists(ours, theirs, tolerance) });
  }

  outcome(): GoldenOutcome {
    const open = [...this.openTensors, ...this.openLeaves];
    const failed = this.rows.some(({ ok }) => !ok);
    const compared = this.rows.length > 0 && open.length === 0;
    return { verdict: failed ? 'failed' : compared ? 'passed' : 'not covered', rows: this.rows, open };
  }
}

/** Numbers as a sidecar records them; null is none. */
export type Recorded = number | null | readonly Recorded[];

/** Several of them by their keys. */
export type RecordedGroup = Recorded | { readonly [key: string]: Recorded };

const isGroup = (value: RecordedGroup): value is { readonly [key: string]: Recorded } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const flat = (value: Recorded): (number | null)[] =>
  typeof value === 'number' || value === null ? [value] : value.flatMap(flat);

function compareLists(actual: (number | null)[], expected: (number | null)[], tolerance: Tolerance): Comparison {
  const absent = actual.findIndex((value, i) => (value === null) !== (expected[i] === null));
  if (actual.length === expected.length && absent >= 0) {
    const reason = `${actual[absent]} instead of ${expected[absent]} at ${absent}`;
    return { ok: false, difference: Number.POSITIVE_INFINITY, allowed: 0, reason };
  }
  const list = (values: (number | null)[]) => ({
    shape: [values.length],
    values: values.filter((value) => value !== null),
  });
  return compare(list(actual), list(expected), tolerance);
}
