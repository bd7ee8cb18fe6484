import { share } from './share';
import { Window } from './window';

/**
 * target[tap][c] = Σ over the pixels of a window's grid of source[pixel under the tap][c] · dy[pixel][c]; row by row,
 * so that a sum of many pixels is one of few sums. A part of the channels.
 */
export function depthwiseFilterGradientPart(w: Window, dy: usize, target: usize, part: i32, parts: i32): void {
  const bytes = <usize>w.channels << 2;
  const step = <usize>w.columnStep * bytes;
  const from = <usize>share(w.channels, 16, part, parts) << 2;
  const end = <usize>share(w.channels, 16, part + 1, parts) << 2;
  for (let t = 0; t < w.taps; t++) memory.fill(target + <usize>t * bytes + from, 0, end - from);
  for (let image = 0; image < w.batch; image++) {
    for (let row = 0; row < w.rows; row++) {
      const right = dy + <usize>((image * w.rows + row) * w.columns) * bytes;
      let t = 0;
      while (t < w.taps) {
        const offset = w.offsets + (<usize>t << 3);
        const dx = load<i32>(offset, 4);
        const y = row * w.rowStep + load<i32>(offset);
        const sums = target + <usize>t * bytes;
        t++;
        if (<u32>y >= <u32>w.height) continue;
        const first = min(w.columns, max(0, (w.columnStep - 1 - dx) / w.columnStep));
        const last = w.width - 1 - dx;
        const stop = last < 0 ? 0 : min(w.columns, last / w.columnStep + 1);
        if (stop <= first) continue;
        const x = w.source + <usize>((image * w.height + y) * w.width + first * w.columnStep + dx) * bytes;
        addRow(sums, x, step, right + <usize>first * bytes, bytes, from, end, stop - first);
      }
    }
  }
}

/** sums[c] += Σ over `count` pixels of x[pixel][c] · y[pixel][c], from byte `from` of the channels up to `end`. */
function addRow(
  sums: usize,
  x: usize,
  step: usize,
  y: usize,
  bytes: usize,
  from: usize,
  end: usize,
  count: i32,
): void {
  let c = from;
  for (; c + 64 <= end; c += 64) {
    let s0: v128 = f32x4.splat(0);
    let s1: v128 = f32x4.splat(0);
    let s2: v128 = f32x4.splat(0);
    let s3: v128 = f32x4.splat(0);
    let p = x + c;
    let q = y + c;
    for (let i = count; i > 0; i--) {
      s0 = f32x4.add(s0, f32x4.mul(v128.load(p), v128.load(q)));
      s1 = f32x4.add(s1, f32x4.mul(v128.load(p, 16), v128.load(q, 16)));
      s2 = f32x4.add(s2, f32x4.mul(v128.load(p, 32), v128.load(q, 32)));
      s3 = f32x4.add(s3, f32x4.mul(v128.load(p, 48), v128.load(q, 48)));
      p += step;
      q += bytes;
    }
    const to = sums + c;
    v128.store(to, f32x4.add(v128.load(to), s0));
    v128.store(to, f32x4.add(v128.load(to, 16), s1), 16);
    v128.store(to, f32x4.add(v128.load(to, 32), s2), 32);
    v128.store(to, f32x4.add(v128.load(to, 48), s3), 48);
  }
  for (; c + 16 <= end; c += 16) {
    let s: v128 = f32x4.splat(0);
    let p = x + c;
    let q = y + c;
    for (let i = count; i > 0; i--) {
      s = f32x4.add(s, f32x4.mul(v128.load(p), v128.load(q)));
      p += step;
      q += bytes;
    }
    v128.store(sums + c, f32x4.add(v128.load(sums + c), s));
  }
  for (; c < end; c += 4) {
    let s: f32 = 0;
    let p = x + c;
    let q = y + c;
    for (let i = count; i > 0; i--) {
      s += load<f32>(p) * load<f32>(q);
      p += step;
      q += bytes;
    }
    store<f32>(sums + c, load<f32>(sums + c) + s);
  }
}
