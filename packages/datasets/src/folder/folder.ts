import { FormatError, ValueError } from '@wsss/core';
import { readBytes } from '@wsss/formats';

/**
 * Where a data set lies: a path (Node), the URL of a folder, or the files that a browser's folder dialog gives
 * (`<input type="file" webkitdirectory>`), whose names are taken from below the folder that was chosen.
 */
export type FolderInput = string | URL | Iterable<File>;

/** Files below a root, by paths with slashes. */
export interface Folder {
  /** What messages call a file. */
  nameOf(path: string): string;
  /** @throws {FormatError} that names the file, if it is not there. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The names of the files in a folder below the root, sorted; empty if it is not there; `undefined` if none can tell. */
  list(path: string): Promise<readonly string[] | undefined>;
}

export function openFolder(where: string, root: FolderInput): Folder {
  const paths = nodeModule<typeof import('node:url')>('node:url');
  if (typeof root === 'string' && root !== '') {
    if (/^(https?|file):/i.test(root)) return openFolder(where, new URL(root));
    // in a browser, an address
    return paths ? pathFolder(root) : urlFolder(new URL(root, (globalThis as { location?: Location }).location?.href));
  }
  if (root instanceof URL)
    return root.protocol === 'file:' && paths ? pathFolder(paths.fileURLToPath(root)) : urlFolder(root);
  if (typeof root === 'object' && root !== null && Symbol.iterator in root) return filesFolder(where, root);
  throw new ValueError(where, 'root', 'to be a path, the URL of a folder, or files', root);
}

/** Asked of the process instead of imported: bundlers for the browser never meet a `node:` address. */
function nodeModule<T>(id: string): T | undefined {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: string) => unknown } };
  return process?.getBuiltinModule?.(id) as T | undefined;
}

function pathFolder(root: string): Folder {
  const { join } = nodeModule<typeof import('node:path')>('node:path')!;
  const { readdir } = nodeModule<typeof import('node:fs/promises')>('node:fs/promises')!;
  const nameOf = (path: string) => join(root, path);
  return {
    nameOf,
    read: (path) => readBytes(nameOf(path)),
    async list(path) {
      try {
        return (await readdir(nameOf(path))).sort();
      } catch (cause) {
        const { code } = cause as { code?: string };
        if (code === 'ENOENT' || code === 'ENOTDIR') return [];
        throw Object.assign(new FormatError(nameOf(path), 'a folder that can be read', String(code)), { cause });
      }
    },
  };
}

function urlFolder(root: URL): Folder {
  const base = new URL(root);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  const urlOf = (path: string) => new URL(path.split('/').map(encodeURIComponent).join('/'), base);
  return {
    nameOf: (path) => urlOf(path).href,
    read: (path) => readBytes(urlOf(path)),
    list: async () => undefined,
  };
}

function filesFolder(where: string, given: Iterable<File>): Folder {
  const files = new Map<string, File>();
  for (const file of given) {
    if (!(file instanceof Blob)) throw new ValueError(where, 'root', 'to be files', file);
    const path = file.webkitRelativePath || file.name;
    files.set(file.webkitRelativePath ? path.slice(path.indexOf('/') + 1) : path, file);
  }
  return {
    nameOf: (path) => path,
    async read(path) {
      const file = files.get(path);
      if (!file) throw new FormatError(path, 'a file among those given', 'none of this name');
      return readBytes(file, { name: path });
    },
    async list(folder) {
      const start = folder === '' ? '' : `${folder}/`;
      const inside = [...files.keys()].filter((path) => path.startsWith(start)).map((path) => path.slice(start.length));
      return inside.filter((name) => !name.includes('/')).sort();
    },
  };
}
