import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { installError, knownReason } from './install-error';
import { lastLines, runProgram } from './run-program';

/** The newest version of Node-API that `@tensorflow/tfjs-node` looks for; every Node from 16 on has it. */
const NAPI = 8;

export const bindingPath = join('lib', `napi-v${NAPI}`, 'tfjs_binding.node');

/**
 * Compiles the native part of `@tensorflow/tfjs-node` against TensorFlow's library. Two files: what `node-gyp` would
 * do, without Python, make and a download of Node's headers.
 *
 * @param source The package's folder.
 * @param into A folder with `deps`, which gets `lib`.
 */
export async function buildBinding(
  source: string,
  into: string,
  { compiler, headers }: { compiler: string; headers: string },
): Promise<void> {
  mkdirSync(join(into, 'lib', `napi-v${NAPI}`), { recursive: true });
  const result = await runProgram(compiler, [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', `-DNAPI_VERSION=${NAPI}`],
    ...[`-I${source}`, `-I${join(into, 'deps', 'include')}`, `-I${headers}`],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(source, 'binding', file)),
    `-L${join(into, 'deps', 'lib')}`,
    ...['-ltensorflow', '-ltensorflow_framework', '-Wl,-rpath,$ORIGIN/../../deps/lib'],
    ...['-o', join(into, bindingPath)],
  ]);
  if (result.code === 0) return;
  const text = lastLines(result, 30);
  const { problem, remedy } = knownReason(text) ?? { problem: `${compiler} could not compile it`, remedy: undefined };
  throw installError(`the native part of tfjs-node: ${problem}`, [remedy, text].filter(Boolean).join('\n'));
}
