import { parseArgs } from 'node:util';
import { TENSORFLOW_VERSION } from './install-tensorflow';

/** What the command line asks for. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly message: string }
  | { readonly kind: 'install'; readonly version?: string; readonly gpu: boolean; readonly wheel?: string };

export const USAGE = `Usage: npx @wsss/backend install tensorflow [--version V] [--gpu] [--wheel FILE]

Makes a working @tensorflow/tfjs-node in this project, from the library of a Python
wheel of TensorFlow. Linux, Node 20 or newer, a C++ compiler; about 1.5 GB of disk.

  --version V   of TensorFlow, from 2.12.1 on (${TENSORFLOW_VERSION})
  --gpu         with NVIDIA's libraries, about 8 GB
  --wheel FILE  a wheel of tensorflow-cpu, or of tensorflow, that is here already
`;

export function parseCommand(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        version: { type: 'string' },
        gpu: { type: 'boolean', default: false },
        wheel: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help || (positionals.length === 0 && args.length === 0)) return { kind: 'help' };
    if (positionals.join(' ') !== 'install tensorflow') {
      return { kind: 'wrong', message: `Unknown command: ${positionals.join(' ') || '(none)'}` };
    }
    const { version, gpu, wheel } = values;
    if (version !== undefined && wheel !== undefined) {
      return { kind: 'wrong', message: 'A wheel has its version: give --version or --wheel, not both' };
    }
    const [, major, minor] = /^(\d+)\.(\d+)\.\d+([a-z.]+\d+)?$/.exec(version ?? '2.12.1') ?? [];
    if (major !== '2' || Number(minor) < 12) {
      return {
        kind: 'wrong',
        message: `--version ${version}: expected a version from 2.12.1 on, as ${TENSORFLOW_VERSION}`,
      };
    }
    return { kind: 'install', gpu, ...(version && { version }), ...(wheel && { wheel }) };
  } catch (error) {
    return { kind: 'wrong', message: (error as Error).message };
  }
}
