// node assembly/build.mjs [--check] : compiles assembly/ to src/generated/kernels-wasm.ts, or checks that it is up to
// date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, '..', 'src', 'generated', 'kernels-wasm.ts');

/** The text of the generated file: the binary for a memory of one thread, and the one for a memory that is shared. */
export async function generate() {
  const single = await compile('index.ts', ['--initialMemory', '0']);
  const threads = await compile('threads.ts', ['--enable', 'threads', '--sharedMemory', '--initialMemory', '1']);
  return [
    '// Made by assembly/build.mjs from assembly/*.ts: WebAssembly with SIMD.',
    constant('KERNELS_WASM', single, 'for one thread'),
    constant('KERNELS_WASM_THREADS', threads, 'for threads that share the memory'),
    '',
  ].join('\n');
}

const constant = (name, binary, what) =>
  `\n/** ${binary.length} bytes, ${what}. */\nexport const ${name} =\n  '${Buffer.from(binary).toString('base64')}';`;

/** No memory, data or globals of its own: it works on the memory that it is given, at the addresses that it is given. */
async function compile(entry, flags) {
  let binary;
  const { error, stderr } = await asc.main(
    [
      ...[entry, '--baseDir', folder, '--outFile', 'kernels.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'bulk-memory', '--importMemory', '--noExportMemory'],
      ...['--maximumMemory', '65536', ...flags],
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
