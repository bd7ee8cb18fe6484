import { FormatError, type TensorLike, type TypedArray } from '@wsss/core';
import type { ElementType } from './element-type';
import type { ByteSource } from './source/byte-source';

/** Where the values of a tensor lie in a file. */
export interface Extent {
  readonly source: ByteSource;
  readonly offset: number;
  readonly byteLength: number;
}

/** A tensor of a file: its bytes are read when `data()` is called, and every time. */
export function lazyTensor(name: string, type: ElementType, shape: readonly number[], extent: Extent): TensorLike {
  const { source, offset, byteLength } = extent;
  return {
    shape,
    dtype: type.dtype,
    async data() {
      const values = type.decode(await source.read(offset, byteLength));
      if (type.name === 'bool') checkBooleans(source.name, name, values as Uint8Array);
      return values;
    },
  };
}

export function checkBooleans(file: string, name: string, values: TypedArray): void {
  for (let i = 0; i < values.length; i++) {
    if (values[i] !== 0 && values[i] !== 1) throw new FormatError(file, `booleans in '${name}'`, `${values[i]}`);
  }
}
