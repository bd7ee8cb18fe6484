import { FormatError, type TensorLike, type TypedArray } from '@wsss/core';
import { checkBooleans } from '../lazy-tensor';
import { latin1Bytes } from '../pickle/byte-cursor';
import { Global, type Stateful, Tuple, wholeNumbers } from '../pickle/python-values';
import { shapeSize } from '../shape-size';
import { gather } from '../torch/strided-tensor';
import { type NumpyType, numpyType, swapBytes } from './dtype';

/** `numpy.dtype` in a pickle: its code comes first, the order of its bytes with its state. */
export class PickledDtype implements Stateful {
  #order = '<';

  constructor(
    readonly file: string,
    readonly code: string,
  ) {}

  /** `undefined` for anything but numbers and booleans. */
  get type(): NumpyType | undefined {
    return numpyType(this.code, this.#order);
  }

  get isObject(): boolean {
    return /^\|?O8?$/.test(this.code);
  }

  setState(state: unknown): void {
    const order = state instanceof Tuple ? state.items[1] : undefined;
    if (order !== '<' && order !== '>' && order !== '|' && order !== '=') {
      throw new FormatError(this.file, "the state of numpy's dtype", 'another');
    }
    this.#order = order;
  }
}

/** An array of a pickle, whose bytes are at hand; or an array of objects. */
export class NdArray implements TensorLike, Stateful {
  #content: { shape: readonly number[]; type: NumpyType; bytes: Uint8Array<ArrayBuffer>; columns: boolean } | undefined;
  #objects: readonly unknown[] | undefined;
  #objectShape: readonly number[] = [];

  constructor(readonly file: string) {}

  /** Sets what a tuple of version, shape, dtype, order (true: columns first) and data says. */
  setState(state: unknown): void {
    const items = state instanceof Tuple ? state.items : [];
    const [, size, dtype, columns, data] = items;
    const shape = wholeNumbers(size);
    if (items.length !== 5 || !shape || !(dtype instanceof PickledDtype) || typeof columns !== 'boolean') {
      throw this.#damaged('another state');
    }
    this.fill(shape, dtype, columns, data);
  }

  fill(shape: readonly number[], dtype: PickledDtype, columns: boolean, data: unknown): void {
    const size = shapeSize(this.file, 'an array', shape);
    if (dtype.isObject) {
      if (!Array.isArray(data) || data.length !== size) throw this.#damaged('objects of another number');
      this.#objects = data;
      this.#objectShape = shape;
      return;
    }
    const { type } = dtype;
    if (!type) {
      throw new FormatError(this.file, 'an array of numbers or booleans', `one of dtype '${dtype.code.slice(0, 20)}'`);
    }
    const bytes = typeof data === 'string' ? latin1Bytes(data) : data instanceof Uint8Array ? data : undefined;
    if (!bytes || bytes.length !== size * type.type.bytes) {
      throw this.#damaged(`${bytes?.length ?? 'no'} bytes for [${shape.slice(0, 8).join(', ')}] of ${type.type.name}`);
    }
    this.#content = { shape, type, bytes: bytes as Uint8Array<ArrayBuffer>, columns };
  }

  get isObject(): boolean {
    return this.#objects !== undefined;
  }

  /** The entries of an array of objects. */
  get objects(): readonly unknown[] {
    return this.#objects ?? [];
  }

  get shape(): readonly number[] {
    return this.#objects ? this.#objectShape : this.#filled.shape;
  }

  get size(): number {
    return this.shape.reduce((product, n) => product * n, 1);
  }

  get dtype(): string {
    return this.#filled.type.type.dtype;
  }

  values(): TypedArray {
    return decodeArray(this.file, this.#filled);
  }

  async data(): Promise<TypedArray> {
    return this.values();
  }

  get #filled() {
    if (!this.#content) throw this.#damaged('none');
    return this.#content;
  }

  #damaged(got: string): FormatError {
    return new FormatError(this.file, "the state of one of numpy's arrays", got, 'The file is damaged.');
  }
}

interface ArrayContent {
  readonly shape: readonly number[];
  readonly type: NumpyType;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The first index changes fastest (Fortran's order). */
  readonly columns: boolean;
}

/** Bytes of an array → its values, row-major. */
export function decodeArray(file: string, { shape, type: { type, swap }, bytes, columns }: ArrayContent): TypedArray {
  const stored = type.decode(swap ? swapBytes(bytes, type.bytes) : bytes);
  if (type.name === 'bool') checkBooleans(file, 'an array', stored);
  if (!columns || shape.length < 2) return stored;
  const strides = shape.map((_, d) => shape.slice(0, d).reduce((product, n) => product * n, 1));
  return gather(stored, shape, strides, stored.length);
}

export function isNdArrayClass(value: unknown): boolean {
  return value instanceof Global && value.path === 'numpy.ndarray';
}
