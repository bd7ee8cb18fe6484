import { crc32, deflate } from '@wsss/formats';
import { concatenate } from '../image/concatenate';

export interface PngContent {
  readonly width: number;
  readonly height: number;
  /** 8 bits per sample. */
  readonly samples: Uint8Array;
  /** 1 grey or indexed, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: number;
  /** Makes one channel indices. */
  readonly palette?: Uint8Array;
}

/** The bytes of a PNG. Photos get the filter per line that leaves the least; indices none, which packs them best. */
export async function writePng(content: PngContent): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, samples, channels, palette } = content;
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  header[9] = palette ? 3 : [0, 0, 4, 2, 6][channels]!;
  const lines = palette ? unfiltered(samples, width) : filtered(samples, width * channels, channels);
  const data = await deflate(lines, { format: 'deflate' });
  return concatenate([
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', header),
    ...(palette ? [chunk('PLTE', palette)] : []),
    chunk('IDAT', data),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

function unfiltered(samples: Uint8Array, length: number): Uint8Array<ArrayBuffer> {
  const rows = samples.length / length;
  const lines = new Uint8Array(rows * (length + 1));
  for (let y = 0; y < rows; y++) lines.set(samples.subarray(y * length, (y + 1) * length), y * (length + 1) + 1);
  return lines;
}

/** Of no filter, difference to the left, above, and Paeth's guess: the one whose differences are smallest in sum. */
function filtered(samples: Uint8Array, length: number, step: number): Uint8Array<ArrayBuffer> {
  const rows = samples.length / length;
  const lines = new Uint8Array(rows * (length + 1));
  const tries = [0, 1, 2, 4].map((filter) => ({ filter, line: new Uint8Array(length) }));
  for (let y = 0; y < rows; y++) {
    let best = tries[0]!;
    let least = Number.POSITIVE_INFINITY;
    for (const attempt of tries) {
      const sum = filterLine(samples, y * length, y > 0 ? (y - 1) * length : -1, length, step, attempt);
      if (sum < least) {
        least = sum;
        best = attempt;
      }
    }
    lines[y * (length + 1)] = best.filter;
    lines.set(best.line, y * (length + 1) + 1);
  }
  return lines;
}

/** Filters a line; returns the sum of the differences, taken as −128..127, without their sign. */
function filterLine(
  samples: Uint8Array,
  at: number,
  above: number,
  length: number,
  step: number,
  { filter, line }: { filter: number; line: Uint8Array },
): number {
  let sum = 0;
  for (let i = 0; i < length; i++) {
    const left = i >= step ? samples[at + i - step]! : 0;
    const top = above >= 0 ? samples[above + i]! : 0;
    let guess = 0;
    if (filter === 1) guess = left;
    else if (filter === 2) guess = top;
    else if (filter === 4) {
      const corner = i >= step && above >= 0 ? samples[above + i - step]! : 0;
      const toLeft = Math.abs(top - corner);
      const toTop = Math.abs(left - corner);
      const toCorner = Math.abs(left + top - 2 * corner);
      guess = toLeft <= toTop && toLeft <= toCorner ? left : toTop <= toCorner ? top : corner;
    }
    const rest = (samples[at + i]! - guess) & 255;
    line[i] = rest;
    sum += rest < 128 ? rest : 256 - rest;
  }
  return sum;
}
