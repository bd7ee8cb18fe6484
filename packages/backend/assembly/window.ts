/**
 * Where the pixels of a target are seen from: pixel (row, column) of the target's grid sees the source at
 * (row · rowStep + dy, column · columnStep + dx) for each tap (dy, dx). A convolution has the grid of all outputs and
 * the steps of its stride; the gradient of its input has, for each phase of the stride, the grid of every stride-th
 * pixel and steps of 1.
 *
 * All fields are 32-bit words, written by src/simd/window.ts.
 */
@unmanaged
export class Window {
  source: usize;
  batch: i32;
  height: i32;
  width: i32;
  channels: i32;
  /** The pixels of the grid. */
  rows: i32;
  columns: i32;
  rowStep: i32;
  columnStep: i32;
  taps: i32;
  /** `[taps][2]`: dy, dx. */
  offsets: usize;
  /** So many taps, one after the other, see neighbouring pixels of a row. */
  span: i32;
}

/** Steps through the pixels of a grid in order. */
@unmanaged
export class Pixel {
  image: i32;
  row: i32;
  column: i32;
}

export function startAt(pixel: Pixel, w: Window, index: i32): void {
  pixel.column = index % w.columns;
  index /= w.columns;
  pixel.row = index % w.rows;
  pixel.image = index / w.rows;
}

@inline
export function advance(pixel: Pixel, w: Window): void {
  if (++pixel.column == w.columns) {
    pixel.column = 0;
    if (++pixel.row == w.rows) {
      pixel.row = 0;
      pixel.image++;
    }
  }
}

/**
 * Writes the address of what a pixel sees under each tap, `step` bytes apart.
 *
 * @param outside The address for taps outside the image.
 */
export function addresses(w: Window, pixel: Pixel, table: usize, step: usize, outside: usize): void {
  const y0 = pixel.row * w.rowStep;
  const x0 = pixel.column * w.columnStep;
  const first = pixel.image * w.height;
  let offset = w.offsets;
  for (let t = w.taps; t > 0; t--) {
    const y = y0 + load<i32>(offset);
    const x = x0 + load<i32>(offset, 4);
    const inside = <u32>y < <u32>w.height && <u32>x < <u32>w.width;
    const address = w.source + ((<usize>((first + y) * w.width + x) * w.channels) << 2);
    store<u32>(table, <u32>(inside ? address : outside));
    table += step;
    offset += 8;
  }
}

/** Copies what a pixel sees under all taps side by side: `[taps][channels]`, zeros outside the image. */
export function gatherPatch(w: Window, pixel: Pixel, target: usize): void {
  const y0 = pixel.row * w.rowStep;
  const x0 = pixel.column * w.columnStep;
  const first = pixel.image * w.height;
  const bytes = <usize>w.channels << 2;
  const span = w.span;
  let offset = w.offsets;
  for (let t = 0; t < w.taps; t += span) {
    const y = y0 + load<i32>(offset);
    const x = x0 + load<i32>(offset, 4);
    const row = w.source + <usize>((first + y) * w.width) * bytes;
    if (<u32>y < <u32>w.height && x >= 0 && x + span <= w.width) {
      copyValues(target, row + <usize>x * bytes, bytes * span);
    } else {
      for (let i = 0; i < span; i++) {
        const inside = <u32>y < <u32>w.height && <u32>(x + i) < <u32>w.width;
        const to = target + <usize>i * bytes;
        if (inside) copyValues(to, row + <usize>(x + i) * bytes, bytes);
        else memory.fill(to, 0, bytes);
      }
    }
    target += bytes * span;
    offset += <usize>span << 3;
  }
}

@inline
function copyValues(to: usize, from: usize, bytes: usize): void {
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}
