import { BackendError } from '@wsss/core';
import { builtinModule, type ModuleLoad, type NodeModules, nodeProcess } from './node-modules';
import { INSTALL_TENSORFLOW, TFJS_NODE_PACKAGES, type TfjsNode } from './tfjs-node';
import { withOldUtil } from './with-old-util';

/**
 * Loads `@tensorflow/tfjs-node-gpu`, or else `@tensorflow/tfjs-node`: installed beside this package, or in the folder
 * that the program runs in.
 *
 * @throws {BackendError} outside of Node, if neither is installed, or if its library does not load.
 */
export function loadTfjsNode(): { name: string; tfjsNode: TfjsNode } {
  const modules = builtinModule<NodeModules & { _load: ModuleLoad }>('node:module');
  if (!modules) throw new BackendError('tensorflow', 'it runs in Node only', "await useBackend('webgpu') or 'webgl'");
  const found = findTfjsNode(modules);
  if (!found) {
    const neither = `neither of the packages ${[...TFJS_NODE_PACKAGES].reverse().join(' and ')} is installed`;
    throw new BackendError('tensorflow', neither, INSTALL_TENSORFLOW);
  }
  const { name, file } = found;
  // Not by import(): what a CommonJS module requires meanwhile passes through _load in every version of Node only so.
  const require = modules.createRequire(import.meta.url);
  quietLog();
  try {
    return { name, tfjsNode: withOldUtil(modules, () => require(file)) as TfjsNode };
  } catch (error) {
    const problem = `${name} does not load: ${(error as Error).message.trim()}`;
    throw new BackendError('tensorflow', problem, INSTALL_TENSORFLOW, { cause: error });
  }
}

function findTfjsNode({ createRequire }: NodeModules): { name: string; file: string } | undefined {
  const here = createRequire(import.meta.url);
  const program = createRequire(`${nodeProcess()?.cwd?.() ?? '.'}/program.js`);
  for (const { resolve } of [here, program]) {
    for (const name of TFJS_NODE_PACKAGES) {
      try {
        return { name, file: resolve(name) };
      } catch (error) {
        if ((error as { code?: string }).code !== 'MODULE_NOT_FOUND') throw error;
      }
    }
  }
  return undefined;
}

/** TensorFlow tells on stderr what its processor can do: warnings and errors alone are for people who did not ask. */
function quietLog(): void {
  const env = nodeProcess()?.env;
  if (env) env.TF_CPP_MIN_LOG_LEVEL ??= '1';
}
