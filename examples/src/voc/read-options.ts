import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FormatError, ValueError } from '@wsss/core';

export interface VocOptions {
  /** The folder of the data set. */
  readonly data: string;
  /** The file of the backbone's weights. */
  readonly weights: string;
  /** The folder for masks and the report. */
  readonly out: string;
  readonly limit: number | undefined;
  /** Of everything that is random. */
  readonly seed: number;
  /** Whether the network is trained on true masks too. */
  readonly bound: boolean;
}

export const HELP = `npm run voc -- --data FOLDER --weights FILE [--seed N] [--out FOLDER] [--bound] [--limit N]
npm run voc -- --merge [--out FOLDER]

From image-level labels to a segmentation network of cat, cow, dog, horse, sheep and person, on a frozen MobileNetV2:
a classifier, class activation maps, image-specific maps, a dense CRF, an AffinityNet and its random walk, a network
that learns from the masks, and what it says with the classifier and with the labels. Scores the masks of every step,
and writes them and a report. A run that was stopped goes on where it was.

  --data     folder with images/<id>.jpg, masks/<id>.png, labels.json, train.txt and val.txt
  --weights  MobileNetV2 as .safetensors, with torchvision's names
  --seed     of everything that is random (default: 1); each seed has a folder of its own
  --out      where seed-N/ goes, with masks/, result.json and report.html (default: examples/out/voc)
  --bound    also train the network on the true masks, to see how far the labels lead
  --limit    take the first N photos of each split only; the figures then mean little
  --merge    make one table of the results of all seeds
  --help     this text`;

/**
 * The folder whose results become one table, if the command line asks for nothing else; `undefined` if it does not.
 *
 * @throws {ValueError} for an unknown option, or one that has no meaning with `--merge`.
 */
export function readMerge(args: readonly string[], defaultOut: string): string | undefined {
  const { merge, out = defaultOut, help, ...others } = parse(args);
  if (!merge || help) return undefined;
  const [other] = Object.keys(others);
  if (other) throw new ValueError('voc', `--${other}`, 'to be left out with --merge', true);
  return out;
}

/**
 * Reads the command line; `undefined` if it asks for help.
 *
 * @throws {ValueError} for an unknown, missing or wrong option.
 * @throws {FormatError} if there is nothing at a path.
 */
export async function readOptions(args: readonly string[], defaultOut: string): Promise<VocOptions | undefined> {
  const { data, weights, out = defaultOut, limit, seed = '1', bound = false, merge, help } = parse(args);
  if (help) return undefined;
  if (merge) throw new ValueError('voc', '--merge', 'to be left out', merge, 'Only `npm run voc` merges results.');
  if (!data) throw new ValueError('voc', '--data', 'to be given', data, 'npm run voc -- --help tells more.');
  if (!weights) throw new ValueError('voc', '--weights', 'to be given', weights, 'npm run voc -- --help tells more.');
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) {
    throw new ValueError('voc', '--limit', 'to be a whole number ≥ 1', limit);
  }
  if (!/^\d{1,9}$/.test(seed)) throw new ValueError('voc', '--seed', 'to be a whole number', seed);
  const kindOf = async (path: string) => {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? 'a folder' : found ? 'a file' : 'nothing there';
  };
  const [dataKind, weightsKind] = [await kindOf(data), await kindOf(weights)];
  if (dataKind !== 'a folder') throw new FormatError(data, 'the folder of a data set (--data)', dataKind);
  if (weightsKind !== 'a file') throw new FormatError(weights, 'a file of weights (--weights)', weightsKind);
  return { data, weights, out, limit: limit === undefined ? undefined : Number(limit), seed: Number(seed), bound };
}

function parse(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = {
    data: string,
    weights: string,
    out: string,
    limit: string,
    seed: string,
    bound: { type: 'boolean' },
    merge: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const hint = 'npm run voc -- --help tells which options there are.';
    throw new ValueError('voc', 'options', 'to be known', (error as Error).message, hint);
  }
}
