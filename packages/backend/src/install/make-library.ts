import { createHash } from 'node:crypto';
import { createReadStream, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { buildBinding } from './build-binding';
import { downloadWheel, findPip } from './download-wheel';
import { installError } from './install-error';
import { nodeHeaders } from './node-headers';
import { checkRoom, type Platform } from './platform';
import { unpackedSize, unpackLibrary } from './unpack-library';
import { unpackNvidia } from './unpack-nvidia';
import { openWheel } from './wheel';

export interface MakeOptions {
  readonly version: string;
  readonly gpu: boolean;
  /** The path of a wheel that is on disk already. */
  readonly wheel?: string | undefined;
  readonly platform: Platform;
  readonly compiler: string;
  readonly log: (line: string) => void;
}

/** What was made: the version of TensorFlow, and its wheel. */
export interface MadeLibrary {
  readonly version: string;
  readonly wheel: { readonly file: string; readonly sha256: string };
}

/**
 * Makes `deps` and `lib` of `@tensorflow/tfjs-node` from a wheel of TensorFlow.
 *
 * @param folder The package's.
 * @param staging An empty folder inside of it, in which everything is made before it is moved to its place.
 */
export async function makeLibrary(folder: string, staging: string, options: MakeOptions): Promise<MadeLibrary> {
  const { gpu, platform, compiler, log } = options;
  const pip = await findPip();
  const download = (requirement: string) => {
    log(`Downloading ${requirement}${pip ? '' : ' (there is no pip: without its settings, but PIP_INDEX_URL)'}`);
    return downloadWheel(requirement, { folder: join(staging, 'wheels'), platform, pip });
  };
  const file = options.wheel ?? (await download(`${packageFor(gpu, platform)}==${options.version}`));
  const wheel = await openWheel(file);
  if (!/^tensorflow(_cpu|_cpu_aws)?$/.test(wheel.name)) {
    throw installError(`${file} is a wheel of ${wheel.name}, and one of tensorflow or tensorflow-cpu is needed`);
  }
  log(`Unpacking TensorFlow ${wheel.version}`);
  await checkRoom(staging, unpackedSize(wheel));
  const deps = join(staging, 'deps');
  await unpackLibrary(wheel, deps, bindingSources(folder));
  if (gpu) await unpackNvidia(wheel, deps, download);
  log(`Compiling with ${compiler}`);
  await buildBinding(folder, staging, { compiler, headers: await nodeHeaders(staging) });
  const sha256 = await sha256Of(file);
  for (const name of ['deps', 'lib']) {
    rmSync(join(folder, name), { recursive: true, force: true });
    renameSync(join(staging, name), join(folder, name));
  }
  return { version: wheel.version, wheel: { file: basename(file), sha256 } };
}

/** The package without NVIDIA's kernels is smaller by half; on ARM the other one has none either. */
const packageFor = (gpu: boolean, { architecture }: Platform): string =>
  gpu || architecture === 'aarch64' ? 'tensorflow' : 'tensorflow-cpu';

function bindingSources(folder: string): string[] {
  const binding = join(folder, 'binding');
  return readdirSync(binding).map((file) => readFileSync(join(binding, file), 'utf8'));
}

/** Of a file, as the index and `sha256sum` write it. */
export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
