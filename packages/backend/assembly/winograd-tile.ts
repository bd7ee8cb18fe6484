/** What a convolution of 3×3 taps computes and where to; 32-bit words, written by src/simd/winograd.ts. */
@unmanaged
export class Winograd {
  source: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** Rows and columns of zeros before the source; negative ones are cut off. */
  top: i32;
  left: i32;
  target: usize;
  rows: i32;
  columns: i32;
  outputs: i32;
  /** Of the taps. Outputs so many pixels apart are a convolution of their own. */
  dilation: i32;
  /** Outputs of a tile down and across: 2 or 4. */
  size: i32;
  /** The outputs that are computed, `from` a multiple of 8, and their filters, transformed. */
  from: i32;
  end: i32;
  filters: usize;
  /** Biases, or 0; bounds, four times each. */
  bias: usize;
  bounds: usize;
  /** Parts of the tiles (of the source's channels in the filter's gradient), and of the outputs. */
  shares: i32;
  groups: i32;
}

/** Tiles down or across in each phase of the dilation. */
@inline
export function tilesAlong(w: Winograd, pixels: i32): i32 {
  return ((pixels + w.dilation - 1) / w.dilation + w.size - 1) / w.size;
}

/** All tiles. */
export function tileCount(w: Winograd): i32 {
  return w.batch * w.dilation * w.dilation * tilesAlong(w, w.rows) * tilesAlong(w, w.columns);
}

/** A tile of outputs and what it sees; at the start of a thread's scratch. */
@unmanaged
export class Tile {
  /** Room for the intermediate of a transform. */
  intermediate: usize;
  /** As many zeros as a pixel has channels. */
  zeros: usize;
  /** Its first input, and bytes to the next one across and down. */
  source: usize;
  across: usize;
  down: usize;
  /** Its first input's place, and which of the source's are seen. */
  y: i32;
  x: i32;
  height: i32;
  width: i32;
  dilation: i32;
  inside: i32;
  /** Its first output, and bytes to the next one across and down; how many are in the image. */
  target: usize;
  columnBytes: usize;
  rowBytes: usize;
  right: i32;
  below: i32;

  /** Four channels, from byte `c` on, of the input at (row, column) of the tile. */
  @inline
  load(row: i32, column: i32, c: usize): v128 {
    if (this.inside) return v128.load(this.source + <usize>row * this.down + <usize>column * this.across + c);
    const seen =
      <u32>(this.y + row * this.dilation) < <u32>this.height && <u32>(this.x + column * this.dilation) < <u32>this.width;
    return v128.load((seen ? this.source + <usize>row * this.down + <usize>column * this.across : this.zeros) + c);
  }

  /** Goes to tile `index`. */
  place(w: Winograd, index: i32): void {
    const d = w.dilation;
    const tilesAcross = tilesAlong(w, w.columns);
    const tilesDown = tilesAlong(w, w.rows);
    const column = index % tilesAcross;
    index /= tilesAcross;
    const row = index % tilesDown;
    index /= tilesDown;
    const x = (index % d) + column * w.size * d;
    index /= d;
    const y = (index % d) + row * w.size * d;
    const image = index / d;
    const from = <usize>w.channels << 2;
    const to = <usize>w.outputs << 2;
    const reach = d * (w.size + 1);
    this.y = y - w.top;
    this.x = x - w.left;
    this.height = w.height;
    this.width = w.width;
    this.dilation = d;
    this.inside = i32(this.y >= 0 && this.x >= 0 && this.y + reach < w.height && this.x + reach < w.width);
    this.source = w.source + <usize>((image * w.height + this.y) * w.width + this.x) * from;
    this.across = <usize>d * from;
    this.down = this.across * <usize>w.width;
    this.target = w.target + <usize>((image * w.rows + y) * w.columns + x) * to;
    this.columnBytes = <usize>d * to;
    this.rowBytes = this.columnBytes * <usize>w.columns;
    this.right = min(w.size, (w.columns - x + d - 1) / d);
    this.below = min(w.size, (w.rows - y + d - 1) / d);
  }
}

/** Bytes of a `Tile`. */
export const TILE: usize = 64;
/** Bytes of the intermediate of a transform. */
export const INTERMEDIATE: usize = 576;
/** Bytes between planes beyond their values: a distance of 4 KiB would put all of them into the same cache lines. */
const APART: usize = 64;

@inline
export function planeBytes(columns: i32, rows: i32): usize {
  return (<usize>(columns * rows) << 2) + APART;
}

@inline
export function planesOf(size: i32): usize {
  return <usize>((size + 2) * (size + 2));
}
