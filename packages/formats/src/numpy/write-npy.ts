import type { TensorLike } from '@wsss/core';
import { gatherTensors } from '../gather-tensors';
import { NUMPY_CODES } from './dtype';

/**
 * The bytes of a `.npy` file, which `numpy.load` and `readNpy` read.
 *
 * @param tensor Float32, float64, integers of 8 to 64 bits, or bool, of any shape.
 * @throws {ValueError} for another dtype; {ShapeError} for values of another number than the shape says.
 */
export async function writeNpy(tensor: TensorLike): Promise<Uint8Array<ArrayBuffer>> {
  const [gathered] = await gatherTensors('writeNpy', new Map([['tensor', tensor]]));
  const { shape, dtype, values } = gathered!;
  const code = `${values.BYTES_PER_ELEMENT === 1 ? '|' : '<'}${NUMPY_CODES[dtype]}`;
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${code}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const start = Math.ceil((10 + text.length + 1) / 64) * 64; // so that the numbers are aligned
  const file = new Uint8Array(start + values.byteLength).fill(0x20, 10, start);
  file.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(file.buffer).setUint16(8, start - 10, true);
  file.set(new TextEncoder().encode(text), 10);
  file[start - 1] = 0x0a;
  file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
  return file;
}
