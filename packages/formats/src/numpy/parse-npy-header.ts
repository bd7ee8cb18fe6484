import { FormatError } from '@wsss/core';
import { latin1 } from '../pickle/byte-cursor';
import { shapeSize } from '../shape-size';
import { type NumpyType, numpyType } from './dtype';

export interface NpyHeader {
  readonly shape: readonly number[];
  /** `undefined`: a pickle of objects. */
  readonly type: NumpyType | undefined;
  /** The first index changes fastest. */
  readonly columns: boolean;
  readonly dataOffset: number;
  readonly byteLength: number;
}

/** How much of a file to read for its header; what is longer describes records, which are not read. */
export const NPY_START = 4096;

export function isNpy(bytes: Uint8Array): boolean {
  return [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59].every((byte, i) => bytes[i] === byte);
}

/**
 * The header of a `.npy` file: magic, version, length, and a dictionary of Python that names dtype, order and shape.
 *
 * @param start The first bytes of the file, up to {@link NPY_START}.
 * @param size Of the whole file.
 *
 * Source: NumPy, `numpy/lib/format.py` (description of versions 1.0 to 3.0).
 */
export function parseNpyHeader(file: string, start: Uint8Array, size: number): NpyHeader {
  const version = start[6];
  if (start.length < 12 || !isNpy(start) || !(version === 1 || version === 2 || version === 3)) {
    throw new FormatError(file, 'a .npy file of version 1 to 3', 'another', 'Is the file cut short or damaged?');
  }
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const textStart = version === 1 ? 10 : 12;
  const dataOffset = textStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataOffset > start.length) {
    const got = `one of ${dataOffset}`;
    throw new FormatError(file, `a .npy header of at most ${start.length} bytes`, got, 'Is the file cut short?');
  }
  const { code, columns, shape } = parseDictionary(file, latin1(start.subarray(textStart, dataOffset)));
  const type = numpyType(code);
  if (!type && !/^\|?O8?$/.test(code)) {
    throw new FormatError(file, 'an array of numbers, booleans or objects', `one of dtype '${code.slice(0, 20)}'`);
  }
  const byteLength = type ? shapeSize(file, 'the array', shape) * type.type.bytes : size - dataOffset;
  if (dataOffset + byteLength !== size) {
    const hint = 'Is the file cut short?';
    throw new FormatError(
      file,
      `${byteLength} bytes for [${shape.join(', ')}] of ${code}`,
      `${size - dataOffset}`,
      hint,
    );
  }
  return { shape, type, columns, dataOffset, byteLength };
}

/** `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }` */
function parseDictionary(file: string, text: string): { code: string; columns: boolean; shape: number[] } {
  const code = /^\s*\{.*['"]descr['"]\s*:\s*['"]([^'"]*)['"]\s*[,}]/.exec(text)?.[1];
  const order = /['"]fortran_order['"]\s*:\s*(True|False)\s*[,}]/.exec(text)?.[1];
  const sizes = /['"]shape['"]\s*:\s*\(([\d\s,L]*)\)\s*[,}]/.exec(text)?.[1];
  const shape = sizes
    ?.split(',')
    .map((size) => size.trim().replace(/L$/, ''))
    .filter((size) => size !== '');
  if (code === undefined || order === undefined || !shape?.every((size) => /^\d{1,16}$/.test(size))) {
    const got = text.trim().slice(0, 60);
    throw new FormatError(file, 'descr, fortran_order and shape in the .npy header', `'${got}'`);
  }
  return { code, columns: order === 'True', shape: shape.map(Number) };
}
