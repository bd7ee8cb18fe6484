import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './run-command';

/** How a user's project finds the types of a package. */
export const RESOLUTIONS = {
  node: { module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: { module: 'esnext', moduleResolution: 'bundler' },
} as const;

/**
 * Compiles a file that imports entries, and the program of {@link runUse}, with the declarations of all libraries
 * checked (`skipLibCheck: false`), no `@types` at hand, and `lib` es2022 and dom.
 *
 * @param compiler Path of TypeScript's `bin/tsc`.
 * @returns The errors in the user's files and in ours. Those inside of other libraries are not for us to mend: the
 * types that tfjs-core brings declare WebGPU, as TypeScript 7's own `lib.dom.d.ts` does.
 */
export async function compileTypes(
  compiler: string,
  entries: readonly string[],
  resolution: keyof typeof RESOLUTIONS,
  project: string,
): Promise<string[]> {
  const imports = entries.map((entry, i) => `import * as entry${i} from '${entry}';`);
  const list = `export const entries = [${entries.map((_, i) => `entry${i}`).join(', ')}];`;
  writeFileSync(join(project, 'entries.ts'), [...imports, list].join('\n'));
  const compilerOptions = {
    ...RESOLUTIONS[resolution],
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    allowJs: true,
    checkJs: true,
  };
  const config = `tsconfig.${resolution}.json`;
  writeFileSync(join(project, config), JSON.stringify({ compilerOptions, files: ['entries.ts', 'use.mjs'] }));
  const { code, stdout, stderr } = await runCommand(
    process.execPath,
    [compiler, '-p', config, '--pretty', 'false'],
    project,
  );
  const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
  if (code !== 0 && errors.length === 0) throw new Error(`${compiler} ended with ${code}:\n${stdout}${stderr}`);
  return errors.filter((line) => !/^(\.\.\/|node_modules\/(?!@wsss\/))/.test(line));
}
