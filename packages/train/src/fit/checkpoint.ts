import { tensor, tidy } from '@tensorflow/tfjs-core';
import { FormatError, type HostTensor, hostTensor, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import type { CheckpointStore } from '../checkpoint/checkpoint-store';
import { folderStore } from '../checkpoint/folder-store';
import { readTensorFile, tensorFileChunks } from '../checkpoint/tensor-file';
import type { FitOptions } from './options';
import type { RunState } from './run-state';

/** All that decides how a run goes on, besides tensors. */
interface Saved {
  readonly version: 1;
  readonly seed: number;
  readonly accumulate: number;
  readonly run: Omit<RunState, 'losses'>;
  readonly optimizer: { readonly rule: string; readonly steps: number; readonly updates: Record<string, number> };
  readonly ema: boolean;
  readonly state?: unknown;
}

/** Where the checkpoint of a run goes. */
export function storeOf<B>({ checkpoint }: FitOptions<B>): CheckpointStore | undefined {
  if (!checkpoint) return undefined;
  const { directory, store, every } = checkpoint;
  if ((directory === undefined) === (store === undefined)) {
    throw new ValueError('fit', 'checkpoint', 'to have a `directory` or a `store`, and not both', checkpoint);
  }
  if (every !== undefined && !(Number.isSafeInteger(every) && every >= 1)) {
    throw new ValueError('fit', 'checkpoint.every', 'to be a whole number ≥ 1', every);
  }
  return store ?? folderStore(directory!);
}

/** Writes parameters, optimiser, averages, position and the caller's own state. */
export async function saveRun<B>(store: CheckpointStore, options: FitOptions<B>, state: RunState): Promise<void> {
  const { optimizer, ema, seed = 0, accumulate = 1 } = options;
  const { rule, steps, updates, slots } = optimizer.state();
  const { losses, ...run } = state;
  const own = options.state?.save();
  const saved: Saved = {
    version: 1,
    seed,
    accumulate,
    run,
    optimizer: { rule, steps, updates: { ...updates } },
    ema: ema !== undefined,
    ...(own === undefined ? {} : { state: own }),
  };
  const tensors = new Map<string, TensorLike>([['losses', hostTensor(Float64Array.from(losses), [losses.length])]]);
  for (const [name, variable] of optimizer.parameters) tensors.set(`parameters/${name}`, variable);
  for (const [name, slot] of slots) tensors.set(`optimizer/${name}`, slot);
  for (const [name, average] of ema?.values ?? []) tensors.set(`ema/${name}`, average);
  await store.write(tensorFileChunks(tensors, JSON.stringify(saved)));
}

/**
 * Brings parameters, optimiser, averages and the caller's own state to where a checkpoint has them.
 *
 * @returns Where the run stands; undefined where there is no checkpoint.
 * @throws {FormatError} if the checkpoint is damaged.
 * @throws {ValueError} if it is another run's.
 */
export async function resumeRun<B>(store: CheckpointStore, options: FitOptions<B>): Promise<RunState | undefined> {
  const bytes = await store.read();
  if (!bytes) return undefined;
  const file = store.name ?? 'checkpoint';
  const { tensors, text } = readTensorFile(file, bytes);
  const saved = parse(file, text);
  const { optimizer, ema, seed = 0, accumulate = 1 } = options;
  const hint = `${file} is of another run: use another folder, or remove it to begin anew.`;
  const same = (what: string, now: unknown, then: unknown) => {
    if (now !== then) throw new ValueError('fit', what, `to be as in the checkpoint, ${then}`, now, hint);
  };
  same('seed', seed, saved.seed);
  same('accumulate', accumulate, saved.accumulate);
  same('ema', ema !== undefined, saved.ema);
  const part = (prefix: string) =>
    new Map(
      [...tensors].flatMap(([key, value]) => (key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [])),
    );
  const values = part('parameters/') as Map<string, HostTensor>;
  for (const name of new Set([...optimizer.parameters.keys(), ...values.keys()])) {
    const [variable, value] = [optimizer.parameters.get(name), values.get(name)];
    if (!variable || !value) {
      throw new ValueError('fit', 'parameters', 'to have the names of the checkpoint', name, hint);
    }
    if (value.dtype !== variable.dtype) same(`dtype of '${name}'`, variable.dtype, value.dtype);
    if (`${variable.shape}` !== `${value.shape}`) throw new ShapeError('fit', name, value.shape, variable.shape, hint);
  }
  await optimizer.loadState({ ...saved.optimizer, slots: part('optimizer/') });
  await ema?.loadValues(part('ema/'));
  for (const [name, variable] of optimizer.parameters) {
    tidy(() => variable.assign(tensor(values.get(name)!.values, variable.shape, variable.dtype)));
  }
  if ('state' in saved) await options.state?.load(saved.state);
  return { ...saved.run, losses: [...(tensors.get('losses')?.values ?? [])] };
}

/** What a checkpoint says of its run, checked as far as going on relies on it. */
function parse(file: string, text: string): Saved {
  let saved: Partial<Saved>;
  try {
    saved = JSON.parse(text) as Partial<Saved>;
  } catch {
    throw new FormatError(file, 'JSON in the metadata of a checkpoint', 'something else');
  }
  if (saved?.version !== 1) throw new FormatError(file, 'a checkpoint of version 1', saved?.version);
  const { run, optimizer } = saved;
  const whole = [run?.step, run?.epoch, run?.position, run?.sums?.steps, optimizer?.steps];
  const lists = [run?.epochs, run?.evaluations];
  const sound = whole.every((n) => Number.isSafeInteger(n) && n! >= 0) && lists.every(Array.isArray);
  if (!sound || typeof optimizer?.updates !== 'object') {
    throw new FormatError(file, 'the position of a run in its metadata', text.slice(0, 80));
  }
  return saved as Saved;
}
