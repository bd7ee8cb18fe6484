import { ValueError } from '@wsss/core';
import { readStateDict, type StateDict } from '@wsss/formats';
import { type LoadReport, type LoadWeightsOptions, loadWeights } from './load-weights';
import type { Network } from './make-network';
import { type MobilenetV2Options, mobilenetV2 } from './mobilenet-v2';
import { cachedBlob } from './pretrained/cached-blob';
import { cachedFile } from './pretrained/cached-file';
import { checkFile, expectedChecksum } from './pretrained/checksum';
import { nodeModules } from './pretrained/node';
import { type ResnetOptions, resnet50, resnet101 } from './resnet';
import { type Resnet38dOptions, resnet38d } from './resnet38d';
import { type Vgg16Options, vgg16 } from './vgg16';

/** The networks by name, with the options of each. */
export interface PretrainedOptions {
  resnet38d: Resnet38dOptions;
  vgg16: Vgg16Options;
  resnet50: ResnetOptions;
  resnet101: ResnetOptions;
  mobilenetV2: MobilenetV2Options;
}

const MAKE: { [N in keyof PretrainedOptions]: (options: PretrainedOptions[N]) => Network } = {
  resnet38d,
  vgg16,
  resnet50,
  resnet101,
  mobilenetV2,
};

export interface LoadPretrainedOptions<N extends keyof PretrainedOptions> {
  /** Address or path of a file that `readStateDict` reads. This package contains no weights and knows no addresses. */
  from: string | URL;
  /** Of the network. */
  network?: PretrainedOptions[N];
  /**
   * Where downloads are kept: a folder (in a browser, the name of a cache storage).
   * @default `wsss` in the user's cache folder
   */
  cache?: string;
  /** The file's SHA-256, or its first 8 digits or more. @default the 8 digits in names like `resnet50-19c8e357.pth` */
  sha256?: string;
  names?: LoadWeightsOptions['names'];
  /** Whether every parameter but those of a classifier must be in the file. @default true */
  strict?: boolean;
  onProgress?: (loaded: number, total: number | undefined) => void;
  signal?: AbortSignal;
}

/**
 * Makes a network with weights from a file or an address. A download is kept, so that the next call needs no network;
 * one that was cut short is gone on with (in Node).
 *
 * What the file has beyond the network (another classifier) is left over; a classifier that the file lacks, or has for
 * other classes, keeps its first values. The report says which.
 *
 * @throws {FormatError} that names the file, if it cannot be had, is damaged, or has another checksum.
 * @throws {ValueError} if parameters are missing or of another shape, in words.
 *
 * @example
 * const { network, report } = await loadPretrained('resnet50', { from: 'weights/resnet50-19c8e357.pth' });
 */
export async function loadPretrained<N extends keyof PretrainedOptions>(
  name: N,
  options: LoadPretrainedOptions<N>,
): Promise<{ network: Network; report: LoadReport }> {
  const make = MAKE[name];
  if (!make) throw new ValueError('loadPretrained', 'name', `to be one of ${Object.keys(MAKE).join(', ')}`, name);
  const weights = await open(options);
  const network = make((options.network ?? {}) as PretrainedOptions[N]);
  try {
    const report = await loadWeights(network, weights, { names: options.names ?? 'auto', strict: false });
    const head = network.classifierWeights?.replace(/weight$/, '');
    const lacks = [...report.missing, ...report.mismatched.map((each) => each.name)];
    const trunk = lacks.filter((each) => head === undefined || !each.startsWith(head));
    if ((options.strict ?? true) && trunk.length > 0) {
      throw new ValueError(
        'loadPretrained',
        'from',
        `to hold the parameters of ${name}`,
        `${options.from}`,
        `${report.summary}\nPass { strict: false } to go on with what fits.`,
      );
    }
    return { network, report };
  } catch (error) {
    network.dispose();
    throw error;
  }
}

async function open<N extends keyof PretrainedOptions>(options: LoadPretrainedOptions<N>): Promise<StateDict> {
  const { from, cache, sha256, onProgress, signal } = options;
  const url = address(from);
  const node = nodeModules();
  const shared = { cache, sha256, ...(onProgress && { onProgress }), ...(signal && { signal }) };
  if (url) {
    const name = url.href;
    return node
      ? readStateDict(await cachedFile(node, url, shared))
      : readStateDict(await cachedBlob(url, shared), { name });
  }
  const expected = expectedChecksum(sha256, '');
  if (expected !== undefined && node && typeof from === 'string') await checkFile(node, from, from, expected);
  return readStateDict(from);
}

/** The address, if it is one of the web. */
function address(from: string | URL): URL | undefined {
  if (typeof from === 'string' && !/^https?:\/\//i.test(from)) return undefined;
  const url = new URL(from);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}
