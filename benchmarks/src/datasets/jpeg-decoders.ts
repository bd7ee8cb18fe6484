// JPEG decoders side by side: is the picture the one that Pillow reads, and how long does it take?
//
//   npm install --no-save @jsquash/jpeg@1.6.0 jpeg-js@0.4.4 sharp@0.35.5     (any of them may be missing)
//   node --import tsx --conditions=@wsss/source benchmarks/src/datasets/jpeg-decoders.ts FOLDER
//
// FOLDER holds .jpg files. PYTHON names a Python with Pillow (default python3). The last line is JSON.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeImage } from '@wsss/datasets';

type Decoder = (bytes: Uint8Array) => Promise<Uint8Array>;
const require = createRequire(import.meta.url);

function withoutAlpha(rgba: ArrayLike<number>): Uint8Array {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    for (let c = 0; c < 3; c++) rgb[to + c] = rgba[from + c]!;
  }
  return rgb;
}

/** Peers are not dependencies: they are measured where they are installed. */
const peers: Record<string, () => Promise<Decoder>> = {
  async 'jpeg-js'() {
    const jpeg = require('jpeg-js') as { decode(b: Uint8Array, o: object): { data: Uint8Array } };
    return async (bytes) => withoutAlpha(jpeg.decode(bytes, { useTArray: true }).data);
  },
  async sharp() {
    const sharp = require('sharp') as (b: Uint8Array) => { raw(): { toBuffer(): Promise<Uint8Array> } };
    return async (bytes) => new Uint8Array(await sharp(bytes).raw().toBuffer());
  },
  async '@jsquash/jpeg'() {
    // its results are ImageData, which Node lacks, and it fetches its WASM, which Node cannot from a file
    Object.assign(globalThis, {
      ImageData: class {
        constructor(readonly data: Uint8ClampedArray) {}
      },
    });
    const path = require.resolve('@jsquash/jpeg/decode.js');
    const { default: decode, init } = (await import(pathToFileURL(path).href)) as {
      default(b: Uint8Array): Promise<{ data: Uint8ClampedArray }>;
      init(module: WebAssembly.Module): Promise<void>;
    };
    const wasm = readFileSync(require.resolve('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm'));
    await init(await WebAssembly.compile(wasm));
    return async (bytes) => withoutAlpha((await decode(bytes)).data);
  },
};

const contenders: Record<string, Decoder> = {
  '@wsss/datasets': async (bytes) => (await decodeImage(bytes, { orientation: 'ignore' })).values,
};
for (const [name, load] of Object.entries(peers)) {
  try {
    contenders[name] = await load();
  } catch (error) {
    console.log(`${name}: left out (${(error as Error).message.split('\n')[0]})`);
  }
}

const folder = process.argv[2];
if (!folder) throw new Error('which folder of photos?');
const names = readdirSync(folder).filter((name) => name.endsWith('.jpg'));
const truth = mkdtempSync(join(tmpdir(), 'jpeg-decoders-'));
const script = `
import sys, time
from PIL import Image
spent = 0
for name in sys.argv[3:]:
    start = time.perf_counter()
    pixels = Image.open(f"{sys.argv[1]}/{name}").convert("RGB").tobytes()
    spent += time.perf_counter() - start
    open(f"{sys.argv[2]}/{name}", "wb").write(pixels)
print(spent)
`;
const python = process.env.PYTHON ?? 'python3';
const pillow = Number(execFileSync(python, ['-c', script, folder, truth, ...names], { encoding: 'utf8' }));

const rows = Object.keys(contenders).map((name) => ({ name, equal: 0, differing: 0, largest: 0, milliseconds: 0 }));
let values = 0;
for (const [round, name] of names.entries()) {
  const bytes = new Uint8Array(readFileSync(join(folder, name)));
  const expected = readFileSync(join(truth, name));
  values += expected.length;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[(i + round) % rows.length]!;
    const start = performance.now();
    const pixels = await contenders[row.name]!(bytes);
    row.milliseconds += performance.now() - start;
    let differing = Math.abs(pixels.length - expected.length);
    for (let k = 0; k < expected.length; k++) {
      const difference = Math.abs(pixels[k]! - expected[k]!);
      if (difference > 0) differing++;
      row.largest = Math.max(row.largest, difference);
    }
    row.differing += differing;
    if (differing === 0) row.equal++;
  }
}
rmSync(truth, { recursive: true });

const table = rows.map(({ name, equal, differing, largest, milliseconds }) => ({
  decoder: name,
  'equal to Pillow': `${equal} of ${names.length}`,
  'values differing': `${((100 * differing) / values).toFixed(2)} %`,
  'largest difference': largest,
  'ms per photo': Number((milliseconds / names.length).toFixed(2)),
}));
console.table(table);
console.log(`Pillow itself: ${((1000 * pillow) / names.length).toFixed(2)} ms per photo`);
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, arch: arch(), node: process.version };
console.log(JSON.stringify({ machine, photos: names.length, rows: table }));
