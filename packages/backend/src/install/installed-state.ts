import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an installation consists of, written once it passed. */
export interface InstalledState {
  /** Of TensorFlow. */
  readonly version: string;
  readonly gpu: boolean;
  readonly wheel: { readonly file: string; readonly sha256: string };
  /** Sizes of the files that it cannot do without, by their path in the package. */
  readonly files: Readonly<Record<string, number>>;
}

const FILE = join('deps', 'wsss.json');

/** Of a folder of `@tensorflow/tfjs-node`: undefined where it was not installed by us, or not all of it is there. */
export function readState(folder: string): InstalledState | undefined {
  const path = join(folder, FILE);
  if (!existsSync(path)) return undefined;
  const state = JSON.parse(readFileSync(path, 'utf8')) as InstalledState;
  const whole = Object.entries(state.files).every(([file, size]) => sizeOf(join(folder, file)) === size);
  return whole ? state : undefined;
}

export function writeState(folder: string, state: Omit<InstalledState, 'files'>, files: readonly string[]): void {
  const sizes = Object.fromEntries(files.map((file) => [file, sizeOf(join(folder, file))!]));
  const path = join(folder, FILE);
  writeFileSync(`${path}.part`, `${JSON.stringify({ ...state, files: sizes }, null, 2)}\n`);
  renameSync(`${path}.part`, path);
}

const sizeOf = (path: string): number | undefined => statSync(path, { throwIfNoEntry: false })?.size;
