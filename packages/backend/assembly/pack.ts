// Right factors in panels of 8 columns, `[panel][k][8]`, padded with zeros: what a tile reads lies side by side.

/** The columns `from` up to `end` (`from` a multiple of 8) of `b [k, columns]`. */
export function packColumns(b: usize, target: usize, k: i32, columns: i32, from: i32, end: i32): void {
  const row = <usize>columns << 2;
  for (let c = from; c < end; c += 8) {
    let source = b + (<usize>c << 2);
    const width = min(8, columns - c);
    if (width == 8) {
      for (let i = 0; i < k; i++) {
        v128.store(target, v128.load(source));
        v128.store(target, v128.load(source, 16), 16);
        target += 32;
        source += row;
      }
    } else {
      for (let i = 0; i < k; i++) {
        packPart(source, 4, target, width);
        target += 32;
        source += row;
      }
    }
  }
}

/** `width` of 8 values, `step` bytes apart, and zeros for the rest. */
function packPart(source: usize, step: usize, target: usize, width: i32): void {
  let j = 0;
  for (; j < width; j++) {
    store<f32>(target, load<f32>(source));
    source += step;
    target += 4;
  }
  for (; j < 8; j++) {
    store<f32>(target, 0);
    target += 4;
  }
}

/**
 * The rows `from` up to `end` of `b [rows, k]` as columns: the panels of its transpose.
 *
 * @param order For filters `[taps][rows, k]`: the places of the taps, in the order in which they are packed.
 */
export function packRows(b: usize, target: usize, taps: i32, order: usize, rows: i32, k: i32, from: i32, end: i32): void {
  const row = <usize>k << 2;
  for (let r = from; r < end; r += 8) {
    const width = min(8, rows - r);
    for (let t = 0; t < taps; t++) {
      const tap = order ? load<i32>(order + (<usize>t << 2)) : t;
      let source = b + ((<usize>(tap * rows + r) * k) << 2);
      let i = 0;
      if (width == 8) {
        for (; i + 4 <= k; i += 4) {
          transpose4(source, row, target);
          transpose4(source + (row << 2), row, target + 16);
          target += 128;
          source += 16;
        }
      }
      for (; i < k; i++) {
        packPart(source, row, target, width);
        target += 32;
        source += 4;
      }
    }
  }
}

/** 4 × 4 values, to rows of 32 bytes. */
function transpose4(source: usize, row: usize, target: usize): void {
  const r0 = v128.load(source);
  const r1 = v128.load(source + row);
  const r2 = v128.load(source + 2 * row);
  const r3 = v128.load(source + 3 * row);
  const low01 = v128.shuffle<f32>(r0, r1, 0, 4, 1, 5);
  const high01 = v128.shuffle<f32>(r0, r1, 2, 6, 3, 7);
  const low23 = v128.shuffle<f32>(r2, r3, 0, 4, 1, 5);
  const high23 = v128.shuffle<f32>(r2, r3, 2, 6, 3, 7);
  v128.store(target, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
  v128.store(target, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7), 32);
  v128.store(target, v128.shuffle<f32>(high01, high23, 0, 1, 4, 5), 64);
  v128.store(target, v128.shuffle<f32>(high01, high23, 2, 3, 6, 7), 96);
}

/** What ends each panel (see `FINISH`): the biases (0 for none), padded with zeros, and the bounds. */
export function packFinish(target: usize, bias: usize, columns: i32, low: f32, high: f32): void {
  for (let c = 0; c < columns; c += 8) {
    packPart(bias + (<usize>c << 2), 4, target, bias ? min(8, columns - c) : 0);
    v128.store(target, f32x4.splat(low), 32);
    v128.store(target, f32x4.splat(high), 48);
    target += 64;
  }
}
