import { checkFile, expectedChecksum } from './checksum';
import { downloadTo } from './download-to';
import type { NodeModules } from './node';

export interface CacheOptions {
  readonly cache: string | undefined;
  readonly sha256: string | undefined;
  readonly onProgress?: (loaded: number, total: number | undefined) => void;
  readonly signal?: AbortSignal;
}

/**
 * The path of a URL's file in the cache, downloaded and checked if it is not there yet. Of several processes that ask at
 * once one goes on with an earlier part; the others download on their own. A file appears whole, by renaming.
 */
export async function cachedFile(node: NodeModules, url: URL, options: CacheOptions): Promise<string> {
  const { fs, path, crypto } = node;
  const folder = options.cache ?? defaultCache(node);
  const fileName = decodeURIComponent(path.posix.basename(url.pathname)) || 'weights';
  const checksum = expectedChecksum(options.sha256, fileName);
  // Two addresses may end in the same name.
  const prefix = crypto.createHash('sha256').update(url.href).digest('hex').slice(0, 8);
  const target = path.join(folder, `${prefix}-${path.basename(fileName)}`);
  if (await exists(node, target)) {
    if (options.sha256 !== undefined) await checkFile(node, target, target, checksum!);
    return target;
  }
  await fs.mkdir(folder, { recursive: true });
  const part = `${target}.part`;
  const held = await lock(node, part);
  const working = held ? part : `${part}-${crypto.randomUUID().slice(0, 8)}`;
  const offlineHint = `Is there a network? Otherwise download the file elsewhere and pass its path as \`from\`, or save it as ${target}.`;
  try {
    await downloadTo(node, url, working, { ...options, offlineHint });
    if (checksum !== undefined) {
      await checkFile(node, working, url.href, checksum).catch(async (error: unknown) => {
        await fs.rm(working, { force: true });
        throw error;
      });
    }
    await publish(node, working, target);
  } finally {
    if (held) await fs.rm(`${part}.lock`, { force: true });
    else for (const left of [working, `${working}.tag`]) await fs.rm(left, { force: true });
  }
  return target;
}

/** Gives the file its name, unless another process was first: whoever reads that one already must not lose it. */
async function publish({ fs }: NodeModules, working: string, target: string): Promise<void> {
  try {
    await fs.link(working, target);
  } catch (error) {
    // File systems without links: the last one stays.
    if ((error as { code?: string }).code !== 'EEXIST') return fs.rename(working, target);
  }
  await fs.rm(working, { force: true });
}

/** Takes the right to an earlier part, unless a process that may still be running has it. */
async function lock({ fs, os, process }: NodeModules, part: string): Promise<boolean> {
  const me = `${os.hostname()} ${process.pid}`;
  const take = () =>
    fs.writeFile(`${part}.lock`, me, { flag: 'wx' }).then(
      () => true,
      () => false,
    );
  if (await take()) return true;
  const [host, pid] = (await fs.readFile(`${part}.lock`, 'utf8').catch(() => '')).split(' ');
  if (host !== os.hostname() || runs(Number(pid))) return false;
  await fs.rm(`${part}.lock`, { force: true });
  return take();
}

function runs(pid: number): boolean {
  try {
    const { kill } = globalThis.process;
    kill.call(globalThis.process, pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

function defaultCache({ path, os, process: { env } }: NodeModules): string {
  const base = env.XDG_CACHE_HOME || env.LOCALAPPDATA || path.join(os.homedir(), '.cache');
  return path.join(base, 'wsss');
}

const exists = ({ fs }: NodeModules, path: string) =>
  fs.stat(path).then(
    () => true,
    () => false,
  );
