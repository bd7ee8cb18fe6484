import { tensor, tidy, type Variable } from '@tensorflow/tfjs-core';
import { finiteValues, type TensorLike, ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';
import { describeLoading } from './describe-loading';
import { bestNames, matchNames } from './match-names';
import { type NameMapName, nameMap } from './name-maps';
import type { NameMap } from './name-maps/name-map';
import { fromTorch, torchShape } from './torch-layout';

export interface LoadWeightsOptions {
  /** Whose names the file has, or a map of your own. @default the map by which most parameters are found */
  names?: NameMapName | NameMap | 'auto';
  /**
   * `true`: nothing is loaded and an error thrown unless every parameter finds its tensor and every tensor its
   * parameter. `false`: what fits is loaded, the rest reported. @default true
   */
  strict?: boolean;
}

/** What {@link loadWeights} did. */
export interface LoadReport {
  /** Parameters that have the file's values now. */
  readonly loaded: readonly string[];
  /** Parameters that the file has nothing for; they keep their values. */
  readonly missing: readonly string[];
  /** Keys of the file that no parameter answers to. */
  readonly unused: readonly string[];
  /** Parameters that the file has in another shape; they keep their values. Shapes as torch writes them. */
  readonly mismatched: readonly {
    readonly name: string;
    readonly expected: readonly number[];
    readonly found: readonly number[];
  }[];
  /** The same in words. */
  readonly summary: string;
}

/**
 * Loads the values of a state dictionary into a network, from torch's layout (`[O, I / groups, kh, kw]`) into that of
 * TensorFlow.js. A leading `module.` (which torch's DataParallel writes) and the counters `num_batches_tracked` are
 * passed over.
 *
 * @param network Any backbone, or anything else with named `parameters`.
 * @param weights Keys → tensors, as `readStateDict` of `@wsss/formats` gives them; read one at a time.
 * @throws {ValueError} in strict mode, naming what does not fit; nothing is loaded then. Also if a tensor holds NaN or
 *   infinity, naming it; the parameters before it are loaded then.
 *
 * @example
 * const network = mobilenetV2();
 * const { summary } = await loadWeights(network, await readStateDict('mobilenet_v2.safetensors'), { strict: false });
 */
export async function loadWeights(
  network: Pick<Backbone, 'parameters'>,
  weights: ReadonlyMap<string, TensorLike>,
  { names = 'auto', strict = true }: LoadWeightsOptions = {},
): Promise<LoadReport> {
  const has = (name: string) => network.parameters.has(name);
  const settled = names === 'auto' ? bestNames([...weights.keys()], has) : names;
  const { found, unused } = matchNames(nameMap('loadWeights', settled), weights.keys(), has);
  const missing: string[] = [];
  const mismatched: { name: string; expected: number[]; found: readonly number[] }[] = [];
  const fitting: [name: string, variable: Variable, key: string][] = [];
  for (const [name, variable] of network.parameters) {
    const key = found.get(name);
    if (key === undefined) {
      missing.push(name);
      continue;
    }
    const expected = torchShape(variable.shape);
    const shape = weights.get(key)!.shape;
    if (sameBut1(expected, shape)) fitting.push([name, variable, key]);
    else mismatched.push({ name, expected, found: shape });
  }
  const report = { loaded: fitting.map(([name]) => name), missing, unused, mismatched };
  const summary = describeLoading(report, typeof settled === 'string' ? settled : 'your own map');
  if (strict && missing.length + unused.length + mismatched.length > 0) {
    throw new ValueError(
      'loadWeights',
      'weights',
      'to fit the network name by name',
      `${weights.size} tensors of which ${fitting.length} fit`,
      `${summary}\nPass { strict: false } to load what fits all the same.`,
    );
  }
  for (const [, variable, key] of fitting) {
    const values = await finiteValues('loadWeights', `weights '${key}'`, weights.get(key)!);
    tidy(() => variable.assign(tensor(fromTorch(values, variable.shape), variable.shape, 'float32')));
  }
  return { ...report, summary };
}

/** Equal shapes; a matrix `[C, F]` and a 1×1 filter `[C, F, 1, 1]` count as equal, as their values are. */
function sameBut1(a: readonly number[], b: readonly number[]): boolean {
  const trimmed = (shape: readonly number[]) =>
    shape.length === 4 && shape[2] === 1 && shape[3] === 1 ? shape.slice(0, 2) : shape;
  const [x, y] = [trimmed(a), trimmed(b)];
  return x.length === y.length && x.every((size, d) => size === y[d]);
}
