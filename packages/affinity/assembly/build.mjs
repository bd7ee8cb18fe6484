// node assembly/build.mjs [--check] : compiles assembly/ to src/generated/walk-wasm.ts, or checks that it is up to date.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const folder = dirname(fileURLToPath(import.meta.url));
const target = join(folder, '..', 'src', 'generated', 'walk-wasm.ts');

/** The text of the generated file. */
export async function generate() {
  const binary = await compile();
  const text = Buffer.from(binary).toString('base64');
  return [
    '// Made by assembly/build.mjs from assembly/index.ts: WebAssembly with SIMD.',
    `\n/** ${binary.length} bytes. */\nexport const WALK_WASM =\n  '${text}';`,
    '',
  ].join('\n');
}

async function compile() {
  let binary;
  const { error, stderr } = await asc.main(
    [
      ...['index.ts', '--baseDir', folder, '--outFile', 'walk.wasm', '-O3', '--noAssert', '--runtime', 'stub'],
      ...[
        '--enable',
        'simd',
        '--enable',
        'bulk-memory',
        '--importMemory',
        '--maximumMemory',
        '65536',
        '--noExportMemory',
      ],
      ...['--initialMemory', '0'],
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
      console.error('src/generated/walk-wasm.ts is not what assembly/ compiles to: run `npm run assembly`.');
      process.exit(1);
    }
  } else {
    writeFileSync(target, text);
    console.log(text.match(/\d+ bytes/)[0]);
  }
}
