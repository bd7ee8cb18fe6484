import { FormatError } from '@wsss/core';
import { BitReader } from './bit-reader';
import { acFirst, acRefine, type BlockDecoder, dcFirst, dcRefine, type ScanState, sequential } from './block-decoders';
import type { Frame, Scan } from './frame';
import type { HuffmanTable } from './huffman-table';

/**
 * Reads one scan into the coefficients of its components.
 *
 * @returns Where its data end.
 */
export function decodeScan(file: string, bytes: Uint8Array, start: number, frame: Frame, scan: Scan): number {
  const reader = new BitReader(bytes, start);
  const decode = blockDecoder(file, frame, scan);
  const state: ScanState = { predictor: new Int32Array(scan.parts.length), endOfBand: 0 };
  const single = scan.parts.length === 1 ? scan.parts[0]!.component : undefined;
  // A scan of one component goes block by block over its picture, one of several unit by unit.
  const wide = single ? Math.ceil(single.width / 8) : frame.unitsWide;
  const high = single ? Math.ceil(single.height / 8) : frame.unitsHigh;
  let untilRestart = scan.restart || wide * high;
  let restarts = 0;

  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      if (untilRestart === 0) {
        restart(file, reader, restarts++);
        state.predictor.fill(0);
        state.endOfBand = 0;
        untilRestart = scan.restart;
      }
      untilRestart--;
      let sound = true;
      for (let part = 0; part < scan.parts.length; part++) {
        const { h, v, blocksWide, coefficients } = scan.parts[part]!.component;
        if (single) {
          sound = decode(reader, state, part, coefficients, (y * blocksWide + x) * 64);
          continue;
        }
        for (let j = 0; j < v; j++) {
          for (let i = 0; i < h; i++) {
            const at = ((y * v + j) * blocksWide + x * h + i) * 64;
            sound = decode(reader, state, part, coefficients, at) && sound;
          }
        }
      }
      if (!sound || reader.overrun) throw damaged(file, bytes, reader, x, y);
    }
  }
  return reader.position;
}

function damaged(file: string, bytes: Uint8Array, reader: BitReader, x: number, y: number): FormatError {
  const cut = reader.overrun && reader.position >= bytes.length - 1;
  const got = cut ? `an end after ${bytes.length} bytes` : 'data that are no code';
  const hint = cut ? 'Is the file cut short?' : 'The file is damaged.';
  return new FormatError(file, `JPEG data for the block at row ${y}, column ${x}`, got, hint);
}

function restart(file: string, reader: BitReader, index: number): void {
  const { bytes } = reader;
  reader.align();
  // bytes of 255 may fill up before a marker
  while (bytes[reader.position] === 0xff && bytes[reader.position + 1] === 0xff) reader.position++;
  const expected = 0xd0 + (index & 7);
  if (bytes[reader.position] !== 0xff || bytes[reader.position + 1] !== expected) {
    const got = reader.position >= bytes.length ? 'the end of the file' : 'something else';
    throw new FormatError(
      file,
      `the JPEG's restart marker ${index} at ${reader.position}`,
      got,
      'The file is damaged.',
    );
  }
  reader.position += 2;
}

function blockDecoder(file: string, frame: Frame, scan: Scan): BlockDecoder {
  const { parts, first, last, low, high } = scan;
  const needed = (kind: 'dc' | 'ac'): HuffmanTable[] =>
    parts.map((part) => {
      const table = part[kind];
      if (!table) throw new FormatError(file, `a Huffman table for the JPEG's component ${part.component.id}`, 'none');
      return table;
    });
  if (!frame.progressive) return sequential(needed('dc'), needed('ac'));
  if (first === 0) return high === 0 ? dcFirst(needed('dc'), low) : dcRefine(low);
  const [ac] = needed('ac');
  return high === 0 ? acFirst(ac!, first, last, low) : acRefine(ac!, first, last, low);
}
