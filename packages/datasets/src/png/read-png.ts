import { inflate } from '@wsss/formats';
import { concatenate } from '../image/concatenate';
import { type PngHeader, parseChunks } from './parse-chunks';
import { unfilter } from './unfilter';

export interface Png extends PngHeader {
  /** One number per sample: 0 to 2^depth − 1, or a palette's index. Of 16 bits, the upper 8. */
  readonly samples: Uint8Array<ArrayBuffer>;
  readonly palette: Uint8Array | undefined;
  /** 1 to 8, as EXIF has it; not applied. */
  readonly orientation: number;
}

/** A picture, or one of the seven that an interlaced one consists of: where it begins, and its steps. */
interface Pass {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

const WHOLE: readonly Pass[] = [{ x: 0, y: 0, stepX: 1, stepY: 1 }];
const ADAM7: readonly Pass[] = [
  { x: 0, y: 0, stepX: 8, stepY: 8 },
  { x: 4, y: 0, stepX: 8, stepY: 8 },
  { x: 0, y: 4, stepX: 4, stepY: 8 },
  { x: 2, y: 0, stepX: 4, stepY: 4 },
  { x: 0, y: 2, stepX: 2, stepY: 4 },
  { x: 1, y: 0, stepX: 2, stepY: 2 },
  { x: 0, y: 1, stepX: 1, stepY: 2 },
];

/**
 * The samples of a PNG of any kind, as they are stored.
 *
 * @throws {FormatError} that names the file, if it is damaged or cut short.
 *
 * Source: Portable Network Graphics, W3C Recommendation.
 */
export async function readPng(bytes: Uint8Array, file: string): Promise<Png> {
  const { header, palette, data, orientation } = parseChunks(bytes, file);
  const { width, height, depth, channels, interlaced } = header;
  const bits = depth * channels;
  const passes = (interlaced ? ADAM7 : WHOLE)
    .map((pass) => ({
      ...pass,
      wide: Math.ceil((width - pass.x) / pass.stepX),
      high: Math.ceil((height - pass.y) / pass.stepY),
    }))
    .filter(({ wide, high }) => wide > 0 && high > 0);
  const lineLength = (wide: number) => Math.ceil((wide * bits) / 8);
  const size = passes.reduce((sum, { wide, high }) => sum + high * (1 + lineLength(wide)), 0);
  const raw = await inflate(concatenate(data), { format: 'deflate', size, name: file });

  const samples = new Uint8Array(width * height * channels);
  let start = 0;
  for (const { x, y, stepX, stepY, wide, high } of passes) {
    const length = lineLength(wide);
    unfilter(raw, start, high, length, Math.max(1, bits >> 3), file);
    for (let row = 0; row < high; row++) {
      const line = raw.subarray(start + row * (length + 1) + 1, start + (row + 1) * (length + 1));
      unpackLine(line, depth, channels, wide, samples, ((y + row * stepY) * width + x) * channels, stepX * channels);
    }
    start += high * (length + 1);
  }
  return { ...header, samples, palette, orientation };
}

/** One line of samples, each pixel `step` further than the last. */
function unpackLine(
  line: Uint8Array,
  depth: number,
  channels: number,
  wide: number,
  out: Uint8Array,
  to: number,
  step: number,
): void {
  if (depth === 8 && step === channels) {
    out.set(line, to);
  } else if (depth >= 8) {
    const bytes = depth / 8;
    for (let x = 0, i = 0; x < wide; x++, to += step) {
      for (let c = 0; c < channels; c++, i += bytes) out[to + c] = line[i]!;
    }
  } else {
    const mask = (1 << depth) - 1;
    for (let x = 0, bit = 0; x < wide; x++, bit += depth, to += step) {
      out[to] = (line[bit >> 3]! >> (8 - depth - (bit & 7))) & mask;
    }
  }
}
