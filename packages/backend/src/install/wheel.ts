import { FormatError } from '@wsss/core';
import { ZipArchive } from './zip-archive';

/** A Python wheel that is on disk. */
export interface Wheel {
  readonly archive: ZipArchive;
  /** As its metadata name it: `tensorflow_cpu`. */
  readonly name: string;
  readonly version: string;
  /** Takes one of its files out, and checks it against the checksum that the wheel has of it. */
  extract(file: string, target: string): Promise<void>;
  /** Its METADATA. */
  metadata(): Promise<string>;
}

/** @throws {FormatError} if the file is no whole wheel. */
export async function openWheel(path: string): Promise<Wheel> {
  const archive = await ZipArchive.open(path);
  const record = archive.names().find((file) => /^[^/]+\.dist-info\/RECORD$/.test(file));
  const [, name, version] = /^(.+?)-(.+)\.dist-info\//.exec(record ?? '') ?? [];
  if (!record || !name || !version) throw new FormatError(path, 'a wheel', 'an archive without a RECORD');
  const sums = checksums(await archive.text(record));
  return {
    archive,
    name,
    version,
    metadata: () => archive.text(record.replace(/RECORD$/, 'METADATA')),
    async extract(file, target) {
      const wanted = sums.get(file);
      const found = await archive.extract(file, target);
      if (wanted === undefined) throw new FormatError(path, `a checksum of ${file}`, 'none');
      if (found !== wanted) throw new FormatError(path, `${file} with the SHA-256 ${wanted}`, found, 'It is damaged.');
    },
  };
}

/** Lines `path,sha256=…,size`. */
function checksums(record: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const line of record.split('\n')) {
    const [, path, sum] = /^"?(.*?)"?,sha256=([\w-]+)=*,\d+\s*$/.exec(line) ?? [];
    if (path && sum) sums.set(path, sum);
  }
  return sums;
}
