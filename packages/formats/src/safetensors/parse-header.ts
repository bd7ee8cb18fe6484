import { FormatError } from '@wsss/core';
import { ELEMENT_TYPES, type ElementName, type ElementType } from '../element-type';
import { shapeSize } from '../shape-size';
import { HeaderScanner } from './header-scanner';

export interface Entry {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  /** From the start of the data. */
  readonly offset: number;
  readonly byteLength: number;
}

/** The names of the format → those of torch. */
export const DTYPES: Readonly<Record<string, ElementName>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
};

/**
 * The entries of a header, in its order, once every one of them is known to be sound.
 *
 * @param dataSize How many bytes follow the header: the entries must cover them, without gap or overlap.
 */
export function parseHeader(file: string, header: string, dataSize: number): Entry[] {
  const scan = new HeaderScanner(file, header);
  const entries: Entry[] = [];
  const names = new Set<string>();
  scan.object((name) => {
    if (names.has(name)) throw new FormatError(file, 'every tensor once', `'${name}' twice`);
    names.add(name);
    if (name === '__metadata__') skipMetadata(file, scan);
    else entries.push(parseEntry(file, name, scan));
  });
  scan.end();
  checkCover(file, entries, dataSize);
  return entries;
}

/** Free text about the file: it must be strings, and is not used. */
function skipMetadata(file: string, scan: HeaderScanner): void {
  const keys = new Set<string>();
  scan.object((key) => {
    if (keys.has(key)) throw new FormatError(file, 'every key of the metadata once', `'${key}' twice`);
    keys.add(key);
    scan.string();
  });
}

function parseEntry(file: string, name: string, scan: HeaderScanner): Entry {
  let dtype: string | undefined;
  let shape: number[] | undefined;
  let offsets: number[] | undefined;
  scan.object((key) => {
    if (key === 'dtype' && dtype === undefined) dtype = scan.string();
    else if (key === 'shape' && !shape) shape = scan.integers();
    else if (key === 'data_offsets' && !offsets) offsets = scan.integers();
    else throw new FormatError(file, `dtype, shape and data_offsets of '${name}', once each`, `'${key}'`);
  });
  if (dtype === undefined || !shape || !offsets) {
    const lacking = [dtype === undefined && 'dtype', !shape && 'shape', !offsets && 'data_offsets'].filter(Boolean);
    throw new FormatError(file, `dtype, shape and data_offsets of '${name}'`, `no ${lacking.join(', no ')}`);
  }
  const known = Object.hasOwn(DTYPES, dtype) ? DTYPES[dtype] : undefined;
  if (!known) {
    throw new FormatError(file, `a dtype among ${Object.keys(DTYPES).join(', ')} for '${name}'`, `'${dtype}'`);
  }
  const type = ELEMENT_TYPES[known];
  const size = shapeSize(file, name, shape) * type.bytes;
  const [begin = -1, end = -1] = offsets;
  if (offsets.length !== 2 || begin > end || end - begin !== size) {
    const expected = `${size} bytes for '${name}', [${shape.join(', ')}] of ${dtype}`;
    throw new FormatError(file, expected, `data_offsets [${offsets.slice(0, 4).join(', ')}]`);
  }
  return { name, type, shape, offset: begin, byteLength: size };
}

/** The format wants the data covered whole, by tensors that share nothing. */
function checkCover(file: string, entries: readonly Entry[], dataSize: number): void {
  const byOffset = [...entries].sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  let end = 0;
  for (const { name, offset, byteLength } of byOffset) {
    if (offset !== end) {
      const got = `${offset}, which leaves ${offset > end ? 'a gap' : 'an overlap'}`;
      throw new FormatError(file, `'${name}' to begin at ${end} of the data`, got);
    }
    end += byteLength;
    if (end > dataSize) {
      const hint = 'Is the file cut short, or still being written?';
      throw new FormatError(file, `'${name}' to end within ${dataSize} bytes of data`, `an end at ${end}`, hint);
    }
  }
  if (end !== dataSize) throw new FormatError(file, `${end} bytes of data, which its tensors need`, `${dataSize}`);
}
