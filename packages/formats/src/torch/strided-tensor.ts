import { FormatError, type TensorLike, type TypedArray } from '@wsss/core';
import type { ElementType } from '../element-type';
import { checkBooleans } from '../lazy-tensor';
import { shapeSize } from '../shape-size';
import type { Storage } from './storage';

/** Values that a view may have more than its storage (by strides of zero): what a file makes us allocate is bounded. */
const MOST_REPEATED = 2 ** 22;

/** A view of a storage, read when `data()` is called; the values come out row-major. */
export class StridedTensor implements TensorLike {
  readonly dtype: string;
  readonly #storage: Storage;
  readonly #type: ElementType;
  readonly #offset: number;
  readonly #strides: readonly number[];
  readonly #size: number;
  /** Numbers from the first to the last that it uses. */
  readonly #span: number;

  /**
   * @param offset In numbers of `type`, from the storage's begin.
   * @throws {FormatError} if it reaches out of its storage.
   */
  constructor(
    storage: Storage,
    offset: number,
    readonly shape: readonly number[],
    strides: readonly number[],
    type: ElementType = storage.type,
  ) {
    const { file } = storage;
    const name = `a tensor [${shape.slice(0, 8).join(', ')}]`;
    const size = shapeSize(file, name, shape);
    const span = size === 0 ? 0 : shape.reduce((sum, n, i) => sum + (n - 1) * strides[i]!, 1);
    const room = Math.floor((storage.length * storage.type.bytes) / type.bytes);
    if (strides.length !== shape.length || !Number.isSafeInteger(offset + span) || offset + span > room) {
      const got = `offset ${offset} and strides [${strides.slice(0, 8).join(', ')}]`;
      throw new FormatError(file, `${name} within its storage of ${room} numbers`, got);
    }
    if (size > Math.max(room, MOST_REPEATED)) {
      throw new FormatError(file, `${name} of at most ${Math.max(room, MOST_REPEATED)} numbers`, `${size}`);
    }
    this.dtype = type.dtype;
    this.#storage = storage;
    this.#type = type;
    this.#offset = offset;
    this.#strides = strides;
    this.#size = size;
    this.#span = span;
  }

  async data(): Promise<TypedArray> {
    const { bytes } = this.#type;
    const raw = await this.#storage.read(this.#offset * bytes, this.#span * bytes);
    const span = this.#type.decode(raw);
    const values = isRowMajor(this.shape, this.#strides) ? span : gather(span, this.shape, this.#strides, this.#size);
    if (this.dtype === 'bool') checkBooleans(this.#storage.file, `a tensor [${this.shape.join(', ')}]`, values);
    return values;
  }
}

/** Whether the numbers lie in the storage as they come out. */
function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let expected = 1;
  for (let d = shape.length - 1; d >= 0; d--) {
    if (shape[d] !== 1 && strides[d] !== expected) return false;
    expected *= shape[d]!;
  }
  return true;
}

/** Copies numbers that lie `strides` apart into one row after the other. */
export function gather<A extends TypedArray>(
  from: A,
  shape: readonly number[],
  strides: readonly number[],
  size: number,
): A {
  const to = new (from.constructor as new (length: number) => A)(size);
  const position = new Array<number>(shape.length).fill(0);
  const last = shape.length - 1;
  const [row = 1, step = 1] = [shape[last], strides[last]];
  for (let written = 0, start = 0; written < size; ) {
    for (let i = 0, at = start; i < row; i++, at += step) to[written++] = from[at]!;
    // on to the next row
    for (let d = last - 1; d >= 0; d--) {
      start += strides[d]!;
      if (++position[d]! < shape[d]!) break;
      start -= strides[d]! * shape[d]!;
      position[d] = 0;
    }
  }
  return to;
}
