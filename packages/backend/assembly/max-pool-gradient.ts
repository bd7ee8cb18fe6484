import { Window } from './window';

/**
 * The gradient of a maximum goes to its first place in the window, in the order of the taps. The target is zero before.
 *
 * @param dy `[pixels of the grid, channels]`
 * @param target As the window's source.
 */
export function maxPoolGradient(w: Window, dy: usize, target: usize): void {
  const bytes = <usize>w.channels << 2;
  const across = target - w.source;
  for (let image = 0; image < w.batch; image++) {
    for (let row = 0; row < w.rows; row++) {
      for (let column = 0; column < w.columns; column++) {
        let c: usize = 0;
        for (; c + 16 <= bytes; c += 16) four(w, image, row, column, c, dy + c, across);
        for (; c < bytes; c += 4) one(w, image, row, column, c, dy + c, across);
        dy += bytes;
      }
    }
  }
}

/** What the pixel sees under a tap, or 0. */
@inline
function seen(w: Window, image: i32, row: i32, column: i32, t: i32): usize {
  const offset = w.offsets + (<usize>t << 3);
  const y = row * w.rowStep + load<i32>(offset);
  const x = column * w.columnStep + load<i32>(offset, 4);
  if (<u32>y >= <u32>w.height || <u32>x >= <u32>w.width) return 0;
  return w.source + ((<usize>((image * w.height + y) * w.width + x) * w.channels) << 2);
}

function four(w: Window, image: i32, row: i32, column: i32, c: usize, dy: usize, across: usize): void {
  let best: v128 = f32x4.splat(0);
  let place: v128 = i32x4.splat(-1);
  for (let t = 0; t < w.taps; t++) {
    const at = seen(w, image, row, column, t);
    if (!at) continue;
    const value = v128.load(at + c);
    const better = v128.or(f32x4.gt(value, best), i32x4.eq(place, i32x4.splat(-1)));
    best = v128.bitselect(value, best, better);
    place = v128.bitselect(i32x4.splat(t), place, better);
  }
  const gradient = v128.load(dy);
  for (let t = 0; t < w.taps; t++) {
    const chosen = i32x4.eq(place, i32x4.splat(t));
    if (!v128.any_true(chosen)) continue;
    const to = seen(w, image, row, column, t) + across + c;
    v128.store(to, f32x4.add(v128.load(to), v128.and(gradient, chosen)));
  }
}

function one(w: Window, image: i32, row: i32, column: i32, c: usize, dy: usize, across: usize): void {
  let best: f32 = 0;
  let place: usize = 0;
  for (let t = 0; t < w.taps; t++) {
    const at = seen(w, image, row, column, t);
    if (!at) continue;
    const value = load<f32>(at + c);
    if (place && !(value > best)) continue;
    best = value;
    place = at + across + c;
  }
  if (place) store<f32>(place, load<f32>(place) + load<f32>(dy));
}
