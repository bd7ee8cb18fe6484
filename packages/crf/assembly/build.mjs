// node assembly/build.mjs [--check] : compiles assembly/ to src/generated/crf-wasm.ts, or checks that it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, '..', 'src', 'generated', 'crf-wasm.ts');

/** The text of the generated file. */
export async function generate() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      'index.ts',
      '--baseDir',
      folder,
      '--outFile',
      'crf.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--enable',
      'bulk-memory',
      '--importMemory',
      '--initialMemory',
      '0',
      '--maximumMemory',
      '65536',
      '--noExportMemory',
      '--use',
      'abort=',
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) binary = contents;
      },
    },
  );
  if (error) throw new Error(`${error.message}\n${stderr}`);
  const base64 = Buffer.from(binary).toString('base64');
  return `// Made by assembly/build.mjs from assembly/*.ts: ${binary.length} bytes of WebAssembly with SIMD.\nexport const CRF_WASM =\n  '${base64}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await generate();
  if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
      console.error('src/generated/crf-wasm.ts is not what assembly/ compiles to: run `npm run assembly`.');
      process.exit(1);
    }
  } else {
    writeFileSync(target, text);
    console.log(text.split('\n')[0]);
  }
}
