import { latin1Bytes } from '../pickle/byte-cursor';
import { wholeNumbers } from '../pickle/python-values';
import type { Constructor } from '../pickle/unpickle';
import { isNdArrayClass, NdArray, PickledDtype } from './nd-array';

/** What a pickle of NumPy may name: makers of arrays and of their dtypes. */
export function numpyConstructors(file: string): ReadonlyMap<string, Constructor> {
  /** An array without content, which its state brings. */
  const reconstruct: Constructor = ([type]) => (isNdArrayClass(type) ? new NdArray(file) : undefined);

  /** One number of an array: dtype, bytes. */
  const scalar: Constructor = ([dtype, data]) => {
    if (!(dtype instanceof PickledDtype) || dtype.isObject) return undefined;
    const array = new NdArray(file);
    array.fill([], dtype, false, data);
    return array;
  };

  /** Bytes, dtype, shape, order: how protocol 5 has it. */
  const fromBuffer: Constructor = ([data, dtype, size, order]) => {
    const shape = wholeNumbers(size);
    if (!(dtype instanceof PickledDtype) || !shape || (order !== 'C' && order !== 'F')) return undefined;
    const array = new NdArray(file);
    array.fill(shape, dtype, order === 'F', data);
    return array;
  };

  const dtype: Constructor = ([code]) => (typeof code === 'string' ? new PickledDtype(file, code) : undefined);

  /** How Python 3 writes bytes for Python 2: as text of characters 0 to 255. */
  const encode: Constructor = ([text, encoding]) =>
    typeof text === 'string' && encoding === 'latin1' ? latin1Bytes(text) : undefined;

  const cores = ['numpy.core', 'numpy._core'];
  return new Map<string, Constructor>([
    ...cores.flatMap((core): [string, Constructor][] => [
      [`${core}.multiarray._reconstruct`, reconstruct],
      [`${core}.multiarray.scalar`, scalar],
      [`${core}.numeric._frombuffer`, fromBuffer],
    ]),
    ['numpy.ndarray', () => undefined],
    ['numpy.dtype', dtype],
    ['_codecs.encode', encode],
    ['builtins.bytearray', ([bytes]) => (bytes instanceof Uint8Array ? bytes : undefined)],
  ]);
}
