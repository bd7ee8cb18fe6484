import type { HuffmanTable } from './huffman-table';

/** One colour of a JPEG: how it is sampled, and its coefficients. */
export interface Component {
  readonly id: number;
  /** Samples per unit, across and down. */
  readonly h: number;
  readonly v: number;
  /** Its samples that belong to the picture. */
  readonly width: number;
  readonly height: number;
  /** Blocks in memory: whole units. */
  readonly blocksWide: number;
  readonly blocksHigh: number;
  /** 64 per block, row-major. */
  readonly coefficients: Int16Array;
  readonly quantisationIndex: number;
  /** As it was when the component's first scan began. */
  quantisation?: Uint16Array;
}

/** What a start-of-frame marker says. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly progressive: boolean;
  readonly components: readonly Component[];
  readonly unitsWide: number;
  readonly unitsHigh: number;
  readonly mostH: number;
  readonly mostV: number;
}

/** What a start-of-scan marker says, with the tables that it names. */
export interface Scan {
  readonly parts: readonly { component: Component; dc: HuffmanTable | undefined; ac: HuffmanTable | undefined }[];
  /** First and last coefficient, in zigzag order. */
  readonly first: number;
  readonly last: number;
  /** Progressive: the bit positions of this scan and of the one before. */
  readonly low: number;
  readonly high: number;
  /** Units between restart markers; 0 for none. */
  readonly restart: number;
}

/** Position in the file's order → row-major position. */
export const ZIGZAG = Uint8Array.of(
  ...[0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5],
  ...[12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28],
  ...[35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51],
  ...[58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63],
);
