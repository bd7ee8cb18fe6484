import { installError } from './install-error';
import { lastLines, runProgram } from './run-program';

/*
 * A program of its own, in the project's folder: with the project's copy of TensorFlow.js, whether or not this package
 * is installed there.
 */
const program = (here: string) => `
import { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';
const core = pathToFileURL(createRequire(process.cwd() + '/package.json').resolve('@tensorflow/tfjs-core')).href;
const hook = \`export const resolve = (name, context, next) =>
  name === '@tensorflow/tfjs-core' ? { url: \${JSON.stringify(core)}, shortCircuit: true } : next(name, context);\`;
register('data:text/javascript,' + encodeURIComponent(hook));
const { useBackend, verifyBackend } = await import(new URL('./index.js', ${JSON.stringify(here)}));
await import(new URL('./gradients.js', ${JSON.stringify(here)}));
const { device } = await useBackend('tensorflow');
const { ok, table } = await verifyBackend();
console.log(ok ? device + ': ' + table.split('\\n').at(-1) : table);
process.exitCode = ok ? 0 : 1;
`;

/**
 * Runs `verifyBackend` on what is installed in a project.
 *
 * @returns A line that says what it computes with, and that everything passed.
 * @throws {BackendError} with the table of what does not.
 */
export async function verifyInstalled(project: string, node = process.execPath): Promise<string> {
  const args = ['--no-warnings', '--input-type=module', '--eval', program(import.meta.url)];
  const result = await runProgram(node, args, { cwd: project });
  if (result.code === 0) return result.stdout.trim();
  throw installError('it is installed, and does not compute right', lastLines(result, 40));
}
