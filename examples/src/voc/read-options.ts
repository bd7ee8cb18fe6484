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
}

export const HELP = `npm run voc -- --data FOLDER --weights FILE [--out FOLDER] [--limit N]

Trains a classifier of cat, cow, dog, horse, sheep and person on image-level labels, on top of a frozen MobileNetV2;
makes class activation maps and pixel masks of the validation photos, scores them, and writes masks and a report.

  --data     folder with images/<id>.jpg, masks/<id>.png, labels.json, train.txt and val.txt
  --weights  MobileNetV2 as .safetensors, with torchvision's names
  --out      where masks/ and report.html go (default: examples/out/voc)
  --limit    take the first N photos of each split only; the figures then mean little
  --help     this text`;

/**
 * Reads the command line; `undefined` if it asks for help.
 *
 * @throws {ValueError} for an unknown, missing or wrong option.
 * @throws {FormatError} if there is nothing at a path.
 */
export async function readOptions(args: readonly string[], defaultOut: string): Promise<VocOptions | undefined> {
  const { data, weights, out = defaultOut, limit, help } = parse(args);
  if (help) return undefined;
  if (!data) throw new ValueError('voc', '--data', 'to be given', data, 'npm run voc -- --help tells more.');
  if (!weights) throw new ValueError('voc', '--weights', 'to be given', weights, 'npm run voc -- --help tells more.');
  if (limit !== undefined && !/^[1-9]\d*$/.test(limit)) {
    throw new ValueError('voc', '--limit', 'to be a whole number ≥ 1', limit);
  }
  const kindOf = async (path: string) => {
    const found = await stat(path).catch(() => undefined);
    return found?.isDirectory() ? 'a folder' : found ? 'a file' : 'nothing there';
  };
  const [dataKind, weightsKind] = [await kindOf(data), await kindOf(weights)];
  if (dataKind !== 'a folder') throw new FormatError(data, 'the folder of a data set (--data)', dataKind);
  if (weightsKind !== 'a file') throw new FormatError(weights, 'a file of weights (--weights)', weightsKind);
  return { data, weights, out, limit: limit === undefined ? undefined : Number(limit) };
}

function parse(args: readonly string[]) {
  const string = { type: 'string' } as const;
  const options = {
    data: string,
    weights: string,
    out: string,
    limit: string,
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    const hint = 'npm run voc -- --help tells which options there are.';
    throw new ValueError('voc', 'options', 'to be known', (error as Error).message, hint);
  }
}
