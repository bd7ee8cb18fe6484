// node assembly/build.mjs [--check] : compiles assembly/ to src/generated/kernels-wasm.ts, or checks that it is up to
// date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, '..', 'src', 'generated', 'kernels-wasm.ts');

/** The text of the generated file. */
export async function generate() {
  const binary = await compile('index.ts');
  return [
    '// Made by assembly/build.mjs from assembly/*.ts: WebAssembly with SIMD.',
    '',
    `/** ${binary.length} bytes. */`,
    `export const KERNELS_WASM =\n  '${Buffer.from(binary).toString('base64')}';`,
    '',
  ].join('\n');
}

/** No memory, data or globals of its own: it works on the memory that it is given, at the addresses that it is given. */
async function compile(entry) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      ...[entry, '--baseDir', folder, '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--noExportMemory'],
      ...['--initialMemory', '0', '--maximumMemory', '65536'],
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  return binary;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generate();
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      console.error('src/generated/kernels-wasm.ts is not what assembly/ compiles to: run `npm run assembly`.');
      process.exit(1);
    }
  } else {
    writeFileSync(target, text);
    console.log(text.match(/\d+ bytes.*(?=\.)/g).join('\n'));
  }
}
