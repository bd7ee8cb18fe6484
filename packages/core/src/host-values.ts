import { ShapeError, ValueError } from './errors';
import { isHostTensor, type TensorLike } from './tensor-like';
import type { NumericArray } from './typed-array';

/**
 * The values of a tensor on the host, as H functions need them. Not a copy where the tensor is on the host already:
 * do not write to it.
 *
 * @throws {ValueError} if the tensor holds 64-bit integers or strings.
 * @throws {ShapeError} if it holds more or fewer values than its shape says.
 */
export async function hostValues(where: string, argument: string, tensor: TensorLike): Promise<NumericArray> {
  const values = isHostTensor(tensor) ? tensor.values : await tensor.data();
  if (values instanceof BigInt64Array || values instanceof BigUint64Array || !ArrayBuffer.isView(values)) {
    throw new ValueError(where, argument, 'to hold numbers of at most 32 bits, or doubles', tensor);
  }
  if (values.length !== tensor.shape.reduce((product, n) => product * n, 1)) {
    throw new ShapeError(where, argument, `to have a shape for its ${values.length} values`, tensor.shape);
  }
  return values;
}

/**
 * The same, none of them NaN. They may be infinite.
 *
 * @throws {ValueError} naming the position of the first NaN.
 */
export async function numberValues(where: string, argument: string, tensor: TensorLike): Promise<NumericArray> {
  const values = await hostValues(where, argument, tensor);
  if (values instanceof Float32Array || values instanceof Float64Array) {
    refuse(where, argument, tensor, values, 'to be a number', Number.isNaN);
  }
  return values;
}

/**
 * The same, as 32-bit floats, every one of them finite.
 *
 * @throws {ValueError} naming the first that is not, and its position.
 */
export async function finiteValues(where: string, argument: string, tensor: TensorLike): Promise<Float32Array> {
  const values = await hostValues(where, argument, tensor);
  const floats = values instanceof Float32Array ? values : Float32Array.from(values);
  refuse(where, argument, tensor, floats, 'to be finite', (value) => !Number.isFinite(value));
  return floats;
}

/**
 * The values of an image, each in 0..255.
 *
 * @throws {ValueError} naming the first value that is NaN or out of range, and its position.
 */
export async function imageValues(where: string, argument: string, image: TensorLike): Promise<NumericArray> {
  const values = await hostValues(where, argument, image);
  if (!isBytes(values)) {
    refuse(where, argument, image, values, 'to be in 0..255', (value) => !(value >= 0 && value <= 255));
  }
  return values;
}

/**
 * The same, as bytes: TensorFlow.js has no such dtype, so whole numbers of any dtype are taken.
 *
 * @throws {ValueError} naming the first value that is not a byte, and its position.
 */
export async function byteValues(where: string, argument: string, image: TensorLike): Promise<Uint8Array> {
  const values = await hostValues(where, argument, image);
  if (values instanceof Uint8Array) return values;
  if (!isBytes(values)) {
    const wrong = (value: number) => !(value >= 0 && value <= 255 && Number.isInteger(value));
    const hint = 'Resize photos as bytes, before they are normalised.';
    refuse(where, argument, image, values, 'to be whole numbers in 0..255', wrong, hint);
  }
  return Uint8Array.from(values);
}

function isBytes(values: NumericArray): values is Uint8Array | Uint8ClampedArray {
  return values instanceof Uint8Array || values instanceof Uint8ClampedArray;
}

function refuse(
  where: string,
  argument: string,
  { shape }: TensorLike,
  values: NumericArray,
  expected: string,
  wrong: (value: number) => boolean,
  hint?: string,
): void {
  for (let i = 0; i < values.length; i++) {
    if (!wrong(values[i]!)) continue;
    const place = position(i, shape).join(', ');
    throw new ValueError(where, argument, `${expected} at [${place}]`, values[i], hint);
  }
}

function position(index: number, shape: readonly number[]): number[] {
  const place: number[] = [];
  for (let d = shape.length - 1; d >= 0; d--) {
    place.unshift(index % shape[d]!);
    index = Math.floor(index / shape[d]!);
  }
  return place;
}
