import { readdirSync, readFileSync } from 'node:fs';
import { type Random, random } from '@wsss/core';
import { readStateDict } from '../src/read-state-dict';
import { writeSafetensors } from '../src/safetensors/write-safetensors';
import { bytesSource } from '../src/source/bytes-source';
import { readDirectory } from '../src/zip/read-directory';
import { readEntry } from '../src/zip/read-entry';
import { writeZip } from '../src/zip/write-zip';

type Bytes = Uint8Array<ArrayBuffer>;
const fixtures = new URL('../fixtures/', import.meta.url);

/** Format → which fixtures are of it. */
const KINDS: Record<string, RegExp> = {
  'torch zip': /^(?!.*legacy).*\.pth$/,
  'torch legacy': /legacy.*\.pth$/,
  numpy: /\.np[yz]$/,
  mxnet: /\.params$/,
};

export const FORMATS = [...Object.keys(KINDS), 'safetensors'];

/** Sound files of a format. */
async function originals(format: string): Promise<Bytes[]> {
  const read = (name: string) => new Uint8Array(readFileSync(new URL(name, fixtures)));
  if (format === 'safetensors') {
    return [await writeSafetensors(await readStateDict(read('torch-zip.pth')), { metadata: { format: 'pt' } })];
  }
  return readdirSync(fixtures)
    .filter((name) => KINDS[format]!.test(name))
    .map(read);
}

/** Text and instructions that try to be more than data. */
const HOSTILE = [
  'cos\nsystem\n(Vtouch /tmp/wsss-was-executed\ntR',
  'c__builtin__\neval\n(V__import__("os").system("id")\ntR',
  '\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R',
  'cbuiltins\nexec\n(Vprint(1)\ntR',
  'ctorch.storage\n_load_from_bytes\n(C\x01atR',
  '../../../../etc/passwd',
  'archive/../../data.pkl',
  '(((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((',
  '{"a":{"a":{"a":{"a":{"a":{"a":',
  '__proto__',
  'h\x00h\x00h\x00',
  '}}}}}}}}}}}}}}}}',
  'Rb',
];

function overwrite(bytes: Bytes, at: number, values: ArrayLike<number>): void {
  bytes.set(Array.from(values).slice(0, bytes.length - at), at);
}

/** One change of the bytes, of a kind drawn at random. */
function change(bytes: Bytes, other: Bytes, seeded: Random): Bytes {
  const anywhere = () => seeded.integer(0, Math.max(0, bytes.length - 1));
  if (bytes.length === 0) return bytes;
  switch (seeded.integer(0, 9)) {
    case 0:
      return bytes.slice(0, anywhere());
    case 1:
      for (let n = seeded.integer(1, 8); n > 0; n--) bytes[anywhere()]! ^= 1 << seeded.integer(0, 7);
      return bytes;
    case 2:
      for (let n = seeded.integer(1, 4); n > 0; n--) bytes[anywhere()] = seeded.integer(0, 255);
      return bytes;
    case 3: {
      // an absurd number of 1 to 8 bytes
      const size = [1, 2, 4, 8][seeded.integer(0, 3)]!;
      const fill = [0, 0x7f, 0x80, 0xff][seeded.integer(0, 3)]!;
      overwrite(bytes, anywhere(), new Uint8Array(size).fill(fill));
      return bytes;
    }
    case 4: {
      const text = HOSTILE[seeded.integer(0, HOSTILE.length - 1)]!;
      overwrite(
        bytes,
        anywhere(),
        Uint8Array.from(text, (char) => char.charCodeAt(0)),
      );
      return bytes;
    }
    case 5: {
      const text = HOSTILE[seeded.integer(0, HOSTILE.length - 1)]!;
      const at = anywhere();
      return Uint8Array.from([
        ...bytes.slice(0, at),
        ...Uint8Array.from(text, (c) => c.charCodeAt(0)),
        ...bytes.slice(at),
      ]);
    }
    case 6: {
      // a piece moved, or repeated
      const [from, to, length] = [anywhere(), anywhere(), seeded.integer(1, 64)];
      overwrite(bytes, to, bytes.slice(from, from + length));
      return bytes;
    }
    case 7: {
      const from = seeded.integer(0, Math.max(0, other.length - 1));
      overwrite(bytes, anywhere(), other.slice(from, from + seeded.integer(1, 200)));
      return bytes;
    }
    case 8: {
      const [from, length] = [anywhere(), seeded.integer(1, 64)];
      return Uint8Array.from([...bytes.slice(0, from), ...bytes.slice(from + length)]);
    }
    default: {
      const at = anywhere();
      const piece = bytes.slice(at, at + seeded.integer(1, 16));
      const times = seeded.integer(1, 200);
      return Uint8Array.from([
        ...bytes.slice(0, at),
        ...Array.from({ length: times }, () => [...piece]).flat(),
        ...bytes.slice(at),
      ]);
    }
  }
}

/** A hostile file of a format: equal seeds give equal files. */
export async function mutant(format: string, seed: number): Promise<Bytes> {
  const seeded = random(seed).fork(format);
  const files = await originals(format);
  const pick = () => files[seeded.integer(0, files.length - 1)]!;
  const [file, other] = [pick().slice(), pick()];
  const changes = seeded.integer(1, 3);
  const damage = (bytes: Bytes) => {
    let changed = bytes;
    for (let n = 0; n < changes; n++) changed = change(changed, other, seeded);
    return changed;
  };
  // half of the zips are damaged inside, with checksums that fit: else they would protect what reads the content
  if (file[0] !== 0x50 || seeded.next() < 0.5) return damage(file);
  const source = bytesSource(file);
  const entries = [...(await readDirectory(source)).values()];
  const victim = entries[seeded.next() < 0.6 ? 0 : seeded.integer(0, entries.length - 1)]!;
  const content = [];
  for (const entry of entries) {
    const bytes = await readEntry(source, entry);
    content.push({ name: entry.name, bytes: entry === victim ? damage(bytes.slice()) : bytes });
  }
  return writeZip('mutant', content);
}
