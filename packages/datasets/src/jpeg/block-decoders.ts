import type { BitReader } from './bit-reader';
import { ZIGZAG } from './frame';
import type { HuffmanTable } from './huffman-table';

/** What the blocks of a scan share. */
export interface ScanState {
  /** The last DC value of each part of the scan. */
  readonly predictor: Int32Array;
  /** How many blocks in a row have no further coefficients. */
  endOfBand: number;
}

/**
 * Reads one block into `coefficients` at `at`. Returns whether what it read is possible.
 * `part` is the component's place in the scan; the table is the one the scan needs.
 */
export type BlockDecoder = (
  reader: BitReader,
  state: ScanState,
  part: number,
  coefficients: Int16Array,
  at: number,
) => boolean;

/** Sequential: a whole block (T.81, F.2.2). */
export function sequential(dc: readonly HuffmanTable[], ac: readonly HuffmanTable[]): BlockDecoder {
  return (reader, state, part, coefficients, at) => {
    const category = reader.symbol(dc[part]!);
    if (category < 0 || category > 15) return false;
    state.predictor[part]! += reader.signed(category);
    coefficients[at] = state.predictor[part]!;
    const table = ac[part]!;
    for (let k = 1; k < 64; k++) {
      const symbol = reader.symbol(table);
      const size = symbol & 15;
      if (size === 0) {
        if (symbol === 0) break;
        if (symbol !== 0xf0) return false;
        k += 15;
        continue;
      }
      k += symbol >> 4;
      if (symbol < 0 || k > 63) return false;
      coefficients[at + ZIGZAG[k]!] = reader.signed(size);
    }
    return true;
  };
}

/** Progressive: the DC value without its `low` last bits (T.81, G.1.2.1). */
export function dcFirst(dc: readonly HuffmanTable[], low: number): BlockDecoder {
  return (reader, state, part, coefficients, at) => {
    const category = reader.symbol(dc[part]!);
    if (category < 0 || category > 15) return false;
    state.predictor[part]! += reader.signed(category);
    coefficients[at] = state.predictor[part]! << low;
    return true;
  };
}

/** Progressive: one more bit of the DC value. */
export function dcRefine(low: number): BlockDecoder {
  return (reader, _state, _part, coefficients, at) => {
    coefficients[at]! |= reader.bits(1) << low;
    return true;
  };
}

/** Progressive: coefficients `first` to `last` without their `low` last bits (T.81, G.1.2.2). */
export function acFirst(ac: HuffmanTable, first: number, last: number, low: number): BlockDecoder {
  return (reader, state, _part, coefficients, at) => {
    if (state.endOfBand > 0) {
      state.endOfBand--;
      return true;
    }
    for (let k = first; k <= last; k++) {
      const symbol = reader.symbol(ac);
      if (symbol < 0) return false;
      const run = symbol >> 4;
      const size = symbol & 15;
      if (size === 0) {
        if (run === 15) {
          k += 15;
          continue;
        }
        state.endOfBand = (1 << run) + reader.bits(run) - 1;
        break;
      }
      k += run;
      if (k > last) return false;
      coefficients[at + ZIGZAG[k]!] = reader.signed(size) << low;
    }
    return true;
  };
}

/** Progressive: one more bit of coefficients `first` to `last` (T.81, G.1.2.3). */
export function acRefine(ac: HuffmanTable, first: number, last: number, low: number): BlockDecoder {
  const one = 1 << low;
  const refine = (reader: BitReader, coefficients: Int16Array, place: number) => {
    const value = coefficients[place]!;
    if (reader.bits(1) && (value & one) === 0) coefficients[place] = value + (value > 0 ? one : -one);
  };
  return (reader, state, _part, coefficients, at) => {
    let k = first;
    while (state.endOfBand === 0 && k <= last) {
      const symbol = reader.symbol(ac);
      if (symbol < 0) return false;
      let run = symbol >> 4;
      const size = symbol & 15;
      let fresh = 0;
      if (size === 1) fresh = reader.bits(1) ? one : -one;
      else if (size > 1) return false;
      else if (run < 15) {
        // this block and `rest` more have no new coefficients; those they have are still refined
        state.endOfBand = (1 << run) + reader.bits(run);
        break;
      }
      // past `run` places that are still zero; the others on the way get their bit
      for (; k <= last; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(reader, coefficients, place);
        else if (run-- === 0) break;
      }
      if (fresh !== 0) {
        if (k > last) return false;
        coefficients[at + ZIGZAG[k]!] = fresh;
      }
      k++;
    }
    if (state.endOfBand > 0) {
      for (; k <= last; k++) {
        const place = at + ZIGZAG[k]!;
        if (coefficients[place] !== 0) refine(reader, coefficients, place);
      }
      state.endOfBand--;
    }
    return true;
  };
}
