import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FormatError } from '@wsss/core';
import { includedHeaders } from './included-headers';
import type { Wheel } from './wheel';

const LIBRARIES = ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'];

/** The other names that the binding, and `npm rebuild`, look for the libraries under. */
const LINKS = {
  'libtensorflow.so': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2': 'libtensorflow_cc.so.2',
  'libtensorflow.so.2.9.1': 'libtensorflow_cc.so.2',
  'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  'libtensorflow_framework.so.2.9.1': 'libtensorflow_framework.so.2',
};

/** In bytes, of what {@link unpackLibrary} writes, roughly. */
export const unpackedSize = ({ archive }: Wheel): number =>
  LIBRARIES.reduce((sum, name) => sum + (archive.has(name) ? archive.size(name) : 0), 2 ** 22);

/**
 * Takes TensorFlow's library and the headers of its C interface out of a wheel, as `@tensorflow/tfjs-node` wants them.
 *
 * @param deps A folder that becomes `deps` of that package.
 * @param sources Texts of the C++ files that include the headers.
 */
export async function unpackLibrary(wheel: Wheel, deps: string, sources: readonly string[]): Promise<void> {
  const { archive } = wheel;
  for (const name of LIBRARIES) {
    if (!archive.has(name)) {
      throw new FormatError(archive.path, `TensorFlow's library ${name} in it`, `a wheel of ${wheel.name}`);
    }
  }
  const lib = join(deps, 'lib');
  mkdirSync(lib, { recursive: true });
  for (const name of LIBRARIES) await wheel.extract(name, join(lib, name.replace('tensorflow/', '')));
  for (const [link, target] of Object.entries(LINKS)) symlinkSync(target, join(lib, link));
  for (const { file, include } of await includedHeaders(archive, sources)) {
    const target = join(deps, 'include', include);
    mkdirSync(dirname(target), { recursive: true });
    await wheel.extract(file, target);
  }
}
