import { stat } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { FormatError, ValueError } from '@wsss/core';

/** What both papers' examples take. */
export interface PaperOptions {
  /** The folder with `JPEGImages`. */
  readonly devkit: string;
  readonly out: string;
  /** Files of weights by what they are for. */
  readonly files: Readonly<Record<string, string | undefined>>;
  readonly network: string | undefined;
  /** The list to learn from. */
  readonly list: string;
  readonly labels: string | undefined;
  readonly limit: number | undefined;
  /** The names of the stages to run. */
  readonly steps: readonly string[] | undefined;
  readonly dryRun: boolean;
  readonly seed: number;
  readonly backend: string;
}

/**
 * Reads the command line of an example; `undefined` if it asks for help.
 *
 * @throws {ValueError} for an unknown, missing or wrong option.
 * @throws {FormatError} if there is nothing at a path.
 */
export async function readPaperOptions(
  name: string,
  args: readonly string[],
  { out, stages, files, networks }: PaperDefaults,
): Promise<PaperOptions | undefined> {
  const found = parse(name, args, files);
  if (found.help) return undefined;
  const wrong = (option: string, expected: string, came: unknown) =>
    new ValueError(name, `--${option}`, expected, came, `npm run example ${name} -- --help tells more.`);
  const text = (option: string) => found[option] as string | undefined;
  const whole = (option: string, least: number) => {
    const given = text(option);
    if (given !== undefined && !(/^\d+$/.test(given) && Number(given) >= least)) {
      throw wrong(option, `to be a whole number ≥ ${least}`, given);
    }
    return given === undefined ? undefined : Number(given);
  };
  const devkit = text('devkit');
  if (!devkit) throw wrong('devkit', 'to be given', devkit);
  const steps = text('steps')?.split(',');
  const unknown = steps?.find((step) => !stages.includes(step));
  if (unknown !== undefined) throw wrong('steps', `to be some of ${stages.join(',')}`, unknown);
  const network = text('network');
  if (network !== undefined && !networks.includes(network)) {
    throw wrong('network', `to be ${networks.join(' or ')}`, network);
  }
  for (const option of ['devkit', ...files]) {
    const path = text(option);
    if (path === undefined || (await stat(path).catch(() => undefined))) continue;
    throw new FormatError(path, `what --${option} names`, 'nothing there');
  }
  const dryRun = found['dry-run'] === true;
  return {
    devkit,
    out: text('out') ?? (dryRun ? `${out}-dry` : out),
    files: Object.fromEntries(files.map((file) => [file, text(file)])),
    network,
    list: text('list') ?? 'train_aug',
    labels: text('labels'),
    limit: whole('limit', 1) ?? (dryRun ? 4 : undefined),
    steps,
    dryRun,
    seed: whole('seed', 0) ?? 0,
    backend: text('backend') ?? 'auto',
  };
}

export interface PaperDefaults {
  readonly out: string;
  readonly stages: readonly string[];
  /** Options that name files of weights. */
  readonly files: readonly string[];
  readonly networks: readonly string[];
}

function parse(name: string, args: readonly string[], files: readonly string[]) {
  const texts = ['devkit', 'out', 'network', 'list', 'labels', 'limit', 'steps', 'seed', 'backend', ...files];
  const options = {
    ...Object.fromEntries(texts.map((option) => [option, { type: 'string' as const }])),
    'dry-run': { type: 'boolean' as const },
    help: { type: 'boolean' as const, short: 'h' },
  };
  try {
    return parseArgs({ args: [...args], options }).values as Record<string, string | boolean | undefined>;
  } catch (error) {
    const hint = `npm run example ${name} -- --help tells which options there are.`;
    throw new ValueError(name, 'options', 'to be known', (error as Error).message, hint);
  }
}

/** The part of the help that both share. */
export const COMMON_HELP = `  --devkit   the folder of VOC's devkit that holds JPEGImages, ImageSets/Segmentation, SegmentationClass
  --list     the list to learn from: its name in ImageSets/Segmentation, or a path (default: train_aug)
  --labels   image-level labels: cls_labels.npy, a .json or .csv in the devkit's folder (default: its annotations)
  --out      where everything is kept; run the command again to go on (default: examples/out/…)
  --steps    only these steps, with commas between
  --limit    the first N photos of each list only; the figures then mean little
  --dry-run  every step on four photos, in tiny crops and a folder of its own, to see that all is there
  --seed     of first values, crops and order (default: 0)
  --backend  wasm, tensorflow, webgpu … (default: the fastest that works here)
  --help     this text`;
