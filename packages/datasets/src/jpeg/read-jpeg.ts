import { FormatError } from '@wsss/core';
import { tiffOrientation } from '../image/tiff-orientation';
import { decodeScan } from './decode-scan';
import { type Frame, type Scan, ZIGZAG } from './frame';
import { type HuffmanTable, huffmanTable } from './huffman-table';
import { parseFrame } from './parse-frame';

/** A JPEG whose coefficients are decoded, not yet its samples. */
export interface Jpeg {
  readonly frame: Frame;
  /** There is a JFIF segment: three components are then YCbCr. */
  readonly jfif: boolean;
  /** The colour transform of an Adobe segment: 0 none, 1 YCbCr, 2 YCCK. */
  readonly adobe: number | undefined;
  /** 1 to 8, as EXIF has it. */
  readonly orientation: number;
}

/** Why a frame of another kind is not read. */
const otherFrames: Readonly<Record<number, string>> = {
  195: 'a lossless one',
  197: 'a hierarchical one',
  198: 'a hierarchical one',
  199: 'a hierarchical one',
  201: 'an arithmetically coded one',
  202: 'an arithmetically coded one',
  203: 'an arithmetically coded one',
  205: 'an arithmetically coded one',
  206: 'an arithmetically coded one',
  207: 'an arithmetically coded one',
};

/**
 * Goes through the segments of a JPEG (T.81, annex B) and decodes every scan.
 *
 * @throws {FormatError} that names the file, if it is damaged, cut short, or of a kind that is not read.
 */
export function readJpeg(bytes: Uint8Array, file: string): Jpeg {
  return new Reader(bytes, file).read();
}

class Reader {
  #at = 2;
  #frame: Frame | undefined;
  #jfif = false;
  #adobe: number | undefined;
  #orientation = 1;
  #restart = 0;
  readonly #quantisation: (Uint16Array | undefined)[] = [];
  readonly #dc: (HuffmanTable | undefined)[] = [];
  readonly #ac: (HuffmanTable | undefined)[] = [];

  constructor(
    readonly bytes: Uint8Array,
    readonly file: string,
  ) {}

  read(): Jpeg {
    for (;;) {
      const marker = this.#marker();
      if (marker === 0xd9) break;
      if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) continue; // these stand alone
      const segment = this.#segment();
      if (marker === 0xda) this.#scan(segment);
      else this.#table(marker, segment);
    }
    const frame = this.#frame;
    if (!frame) throw this.#damaged('a picture in the JPEG', 'none');
    for (const { id, quantisation } of frame.components) {
      if (!quantisation) throw this.#damaged(`data of the JPEG's component ${id}`, 'none');
    }
    return { frame, jfif: this.#jfif, adobe: this.#adobe, orientation: this.#orientation };
  }

  /** The next marker; what lies before it is skipped, as every decoder does. */
  #marker(): number {
    const { bytes } = this;
    for (let at = bytes.indexOf(0xff, this.#at); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
      const code = bytes[at + 1]!;
      if (code === 0 || code === 0xff) continue;
      this.#at = at + 2;
      return code;
    }
    throw this.#damaged(
      "the JPEG's end marker",
      `the end of the file after ${bytes.length} bytes`,
      'Is the file cut short?',
    );
  }

  #segment(): Uint8Array {
    const { bytes } = this;
    const length = ((bytes[this.#at] ?? 0) << 8) | (bytes[this.#at + 1] ?? 0);
    const end = this.#at + length;
    if (length < 2 || end > bytes.length) {
      const got = `the end of the file after ${bytes.length} bytes`;
      throw this.#damaged(`a JPEG segment of ${length} bytes at ${this.#at}`, got, 'Is the file cut short?');
    }
    const segment = bytes.subarray(this.#at + 2, end);
    this.#at = end;
    return segment;
  }

  #table(marker: number, segment: Uint8Array): void {
    if (marker === 0xc4) this.#huffman(segment);
    else if (marker === 0xdb) this.#quantise(segment);
    else if (marker === 0xdd) this.#restart = (segment[0]! << 8) | segment[1]!;
    else if (marker === 0xe0) this.#jfif ||= startsWith(segment, 'JFIF\0');
    else if (marker === 0xe1 && startsWith(segment, 'Exif\0\0'))
      this.#orientation = tiffOrientation(segment.subarray(6)) ?? 1;
    else if (marker === 0xee && startsWith(segment, 'Adobe') && segment.length >= 12) this.#adobe = segment[11];
    else if (marker >= 0xc0 && marker <= 0xc2) {
      if (this.#frame) throw this.#damaged('one picture in the JPEG', 'two');
      this.#frame = parseFrame(this.file, marker, segment, this.bytes.length);
    } else if (otherFrames[marker]) {
      throw this.#damaged('a baseline or progressive JPEG', otherFrames[marker], 'Save it anew with another program.');
    }
  }

  #huffman(segment: Uint8Array): void {
    for (let at = 0; at < segment.length; ) {
      const [kind, index] = [segment[at]! >> 4, segment[at]! & 15];
      const counts = segment.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, n) => sum + n, 0);
      const symbols = segment.slice(at + 17, at + 17 + total);
      const table = counts.length === 16 ? huffmanTable(counts, symbols) : undefined;
      if (!table || kind > 1 || index > 3) throw this.#damaged('a Huffman table in the JPEG', 'one that is no code');
      (kind === 0 ? this.#dc : this.#ac)[index] = table;
      at += 17 + total;
    }
  }

  #quantise(segment: Uint8Array): void {
    for (let at = 0; at < segment.length; ) {
      const [wide, index] = [segment[at]! >> 4, segment[at]! & 15];
      const size = wide ? 128 : 64;
      const values = segment.subarray(at + 1, at + 1 + size);
      if (wide > 1 || index > 3 || values.length < size) {
        throw this.#damaged('a quantisation table in the JPEG', 'a damaged one');
      }
      const table = new Uint16Array(64);
      for (let k = 0; k < 64; k++) table[ZIGZAG[k]!] = wide ? (values[2 * k]! << 8) | values[2 * k + 1]! : values[k]!;
      this.#quantisation[index] = table;
      at += 1 + size;
    }
  }

  #scan(segment: Uint8Array): void {
    const frame = this.#frame;
    const count = segment[0] ?? 0;
    if (!frame || count < 1 || count > 4 || segment.length !== 4 + 2 * count) {
      throw this.#damaged('a whole JPEG scan header, after the frame', 'a damaged one');
    }
    const parts = Array.from({ length: count }, (_, i) => {
      const component = frame.components.find(({ id }) => id === segment[1 + 2 * i]);
      if (!component) throw this.#damaged('a JPEG scan of components of the frame', `component ${segment[1 + 2 * i]}`);
      const quantisation = this.#quantisation[component.quantisationIndex];
      if (!quantisation) throw this.#damaged(`a quantisation table for the JPEG's component ${component.id}`, 'none');
      component.quantisation ??= quantisation;
      const tables = segment[2 + 2 * i]!;
      return { component, dc: this.#dc[tables >> 4], ac: this.#ac[tables & 15] };
    });
    const [first, last, approximation] = segment.subarray(1 + 2 * count) as unknown as [number, number, number];
    const scan: Scan = {
      parts,
      first,
      last,
      high: approximation >> 4,
      low: approximation & 15,
      restart: this.#restart,
    };
    const possible =
      !frame.progressive || (last <= 63 && scan.low <= 13 && (first === 0 ? last === 0 : first <= last && count === 1));
    if (!possible || new Set(parts.map(({ component }) => component)).size < count) {
      throw this.#damaged('a JPEG scan that can be', `coefficients ${first} to ${last} of ${count} components`);
    }
    this.#at = decodeScan(this.file, this.bytes, this.#at, frame, scan);
  }

  #damaged(expected: string, got: string, hint = 'The file is damaged.'): FormatError {
    return new FormatError(this.file, expected, got, hint);
  }
}

function startsWith(segment: Uint8Array, text: string): boolean {
  return [...text].every((char, i) => segment[i] === char.charCodeAt(0));
}
