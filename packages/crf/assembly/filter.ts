// Splat, blur and slice for values of 4 · c channels per point (c vectors), or of one channel.
// Slot 0 of a buffer stands for absent neighbours and holds zeros. Images have 3 corners per point (positions) or 6
// (positions and three colours): these are written out, which halves the instructions.

/** The address of the values of a point's corner r, of c vectors each. */
@inline
function corner(buffer: usize, slots: usize, r: usize, c: u32): usize {
  return buffer + <usize>load<u32>(slots + (r << 2)) * <usize>(c << 4);
}

@inline
function weightOf(weights: usize, r: usize): v128 {
  return v128.load32_splat(weights + (r << 2));
}

/** target += scale · slice of one point with 3 or 6 corners. */
@inline
function sliceCorners(c: u32, corners: u32, from: usize, slots: usize, weights: usize, scale: v128, target: usize): void {
  const a0 = corner(from, slots, 0, c);
  const a1 = corner(from, slots, 1, c);
  const a2 = corner(from, slots, 2, c);
  const a3 = corners > 3 ? corner(from, slots, 3, c) : 0;
  const a4 = corners > 3 ? corner(from, slots, 4, c) : 0;
  const a5 = corners > 3 ? corner(from, slots, 5, c) : 0;
  const w0 = weightOf(weights, 0);
  const w1 = weightOf(weights, 1);
  const w2 = weightOf(weights, 2);
  const w3 = corners > 3 ? weightOf(weights, 3) : w0;
  const w4 = corners > 3 ? weightOf(weights, 4) : w0;
  const w5 = corners > 3 ? weightOf(weights, 5) : w0;
  sliceVector(0, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
  if (c > 1) sliceVector(16, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
  if (c > 2) sliceVector(32, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
  if (c > 3) sliceVector(48, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
  if (c > 4) sliceVector(64, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
  if (c > 5) sliceVector(80, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, scale, target);
}

@inline
function sliceVector(v: usize, corners: u32, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, scale: v128, target: usize): void {
  let sum = f32x4.mul(w0, v128.load(a0 + v));
  sum = f32x4.add(sum, f32x4.mul(w1, v128.load(a1 + v)));
  sum = f32x4.add(sum, f32x4.mul(w2, v128.load(a2 + v)));
  if (corners > 3) {
    sum = f32x4.add(sum, f32x4.mul(w3, v128.load(a3 + v)));
    sum = f32x4.add(sum, f32x4.mul(w4, v128.load(a4 + v)));
    sum = f32x4.add(sum, f32x4.mul(w5, v128.load(a5 + v)));
  }
  v128.store(target + v, f32x4.add(v128.load(target + v), f32x4.mul(sum, scale)));
}

@inline
function sliceAny(c: u32, from: usize, slots: usize, weights: usize, corners: u32, scale: v128, target: usize): void {
  for (let r: u32 = 0; r < corners; r++) {
    const at = corner(from, slots, <usize>r, c);
    const weight = f32x4.mul(weightOf(weights, <usize>r), scale);
    for (let v: usize = 0; v < (<usize>c) << 4; v += 16) {
      v128.store(target + v, f32x4.add(v128.load(target + v), f32x4.mul(weight, v128.load(at + v))));
    }
  }
}

/** `corners` 0: any number, as given. */
@inline
function sliceRun(c: u32, corners: u32, given: u32, from: usize, slots: usize, weights: usize, scale: f32, after: usize, target: usize, count: u32): void {
  const row = (<usize>(corners ? corners : given)) << 2;
  for (let i: u32 = 0; i < count; i++) {
    const factor = after ? f32x4.splat(scale * load<f32>(after + ((<usize>i) << 2))) : f32x4.splat(scale);
    if (corners) sliceCorners(c, corners, from, slots, weights, factor, target);
    else sliceAny(c, from, slots, weights, given, factor, target);
    slots += row;
    weights += row;
    target += (<usize>c) << 4;
  }
}

/** target += scale · after · slice(from), for `count` points. */
export function slice(c: u32, from: usize, slots: usize, weights: usize, corners: u32, scale: f32, after: usize, target: usize, count: u32): void {
  if (corners == 3) {
    if (c == 1) return sliceRun(1, 3, 3, from, slots, weights, scale, after, target, count);
    if (c == 2) return sliceRun(2, 3, 3, from, slots, weights, scale, after, target, count);
    if (c == 3) return sliceRun(3, 3, 3, from, slots, weights, scale, after, target, count);
    if (c == 6) return sliceRun(6, 3, 3, from, slots, weights, scale, after, target, count);
  } else if (corners == 6) {
    if (c == 1) return sliceRun(1, 6, 6, from, slots, weights, scale, after, target, count);
    if (c == 2) return sliceRun(2, 6, 6, from, slots, weights, scale, after, target, count);
    if (c == 3) return sliceRun(3, 6, 6, from, slots, weights, scale, after, target, count);
    if (c == 6) return sliceRun(6, 6, 6, from, slots, weights, scale, after, target, count);
  }
  sliceRun(c, 0, corners, from, slots, weights, scale, after, target, count);
}

/** Adds one point of 3 or 6 corners, times `factor`. */
@inline
function splatCorners(c: u32, corners: u32, to: usize, slots: usize, weights: usize, factor: v128, source: usize): void {
  const a0 = corner(to, slots, 0, c);
  const a1 = corner(to, slots, 1, c);
  const a2 = corner(to, slots, 2, c);
  const a3 = corners > 3 ? corner(to, slots, 3, c) : 0;
  const a4 = corners > 3 ? corner(to, slots, 4, c) : 0;
  const a5 = corners > 3 ? corner(to, slots, 5, c) : 0;
  const w0 = weightOf(weights, 0);
  const w1 = weightOf(weights, 1);
  const w2 = weightOf(weights, 2);
  const w3 = corners > 3 ? weightOf(weights, 3) : w0;
  const w4 = corners > 3 ? weightOf(weights, 4) : w0;
  const w5 = corners > 3 ? weightOf(weights, 5) : w0;
  splatVector(0, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
  if (c > 1) splatVector(16, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
  if (c > 2) splatVector(32, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
  if (c > 3) splatVector(48, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
  if (c > 4) splatVector(64, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
  if (c > 5) splatVector(80, corners, a0, a1, a2, a3, a4, a5, w0, w1, w2, w3, w4, w5, factor, source);
}

@inline
function splatVector(v: usize, corners: u32, a0: usize, a1: usize, a2: usize, a3: usize, a4: usize, a5: usize, w0: v128, w1: v128, w2: v128, w3: v128, w4: v128, w5: v128, factor: v128, source: usize): void {
  const x = f32x4.mul(v128.load(source + v), factor);
  v128.store(a0 + v, f32x4.add(v128.load(a0 + v), f32x4.mul(w0, x)));
  v128.store(a1 + v, f32x4.add(v128.load(a1 + v), f32x4.mul(w1, x)));
  v128.store(a2 + v, f32x4.add(v128.load(a2 + v), f32x4.mul(w2, x)));
  if (corners > 3) {
    v128.store(a3 + v, f32x4.add(v128.load(a3 + v), f32x4.mul(w3, x)));
    v128.store(a4 + v, f32x4.add(v128.load(a4 + v), f32x4.mul(w4, x)));
    v128.store(a5 + v, f32x4.add(v128.load(a5 + v), f32x4.mul(w5, x)));
  }
}

@inline
function splatAny(c: u32, to: usize, slots: usize, weights: usize, corners: u32, factor: v128, source: usize): void {
  for (let r: u32 = 0; r < corners; r++) {
    const at = corner(to, slots, <usize>r, c);
    const weight = f32x4.mul(factor, weightOf(weights, <usize>r));
    for (let v: usize = 0; v < (<usize>c) << 4; v += 16) {
      v128.store(at + v, f32x4.add(v128.load(at + v), f32x4.mul(weight, v128.load(source + v))));
    }
  }
}

/** `corners` 0: any number, as given. */
@inline
function splatRun(c: u32, corners: u32, given: u32, to: usize, slots: usize, weights: usize, before: usize, source: usize, count: u32): void {
  const row = (<usize>(corners ? corners : given)) << 2;
  for (let i: u32 = 0; i < count; i++) {
    const factor = before ? v128.load32_splat(before + ((<usize>i) << 2)) : f32x4.splat(1);
    if (corners) splatCorners(c, corners, to, slots, weights, factor, source);
    else splatAny(c, to, slots, weights, given, factor, source);
    slots += row;
    weights += row;
    source += (<usize>c) << 4;
  }
}

/** to += splat(before · source), for `count` points. */
export function splat(c: u32, to: usize, slots: usize, weights: usize, corners: u32, before: usize, source: usize, count: u32): void {
  if (corners == 3) {
    if (c == 1) return splatRun(1, 3, 3, to, slots, weights, before, source, count);
    if (c == 2) return splatRun(2, 3, 3, to, slots, weights, before, source, count);
    if (c == 3) return splatRun(3, 3, 3, to, slots, weights, before, source, count);
    if (c == 6) return splatRun(6, 3, 3, to, slots, weights, before, source, count);
  } else if (corners == 6) {
    if (c == 1) return splatRun(1, 6, 6, to, slots, weights, before, source, count);
    if (c == 2) return splatRun(2, 6, 6, to, slots, weights, before, source, count);
    if (c == 3) return splatRun(3, 6, 6, to, slots, weights, before, source, count);
    if (c == 6) return splatRun(6, 6, 6, to, slots, weights, before, source, count);
  }
  splatRun(c, 0, corners, to, slots, weights, before, source, count);
}

@inline
function blurVector(one: usize, two: usize, own: usize, target: usize, v: usize): void {
  const sides = f32x4.mul(f32x4.splat(0.5), f32x4.add(v128.load(one + v), v128.load(two + v)));
  v128.store(target + v, f32x4.add(v128.load(own + v), sides));
}

/** `fixed`: c is known when this is compiled, and at most six. */
@inline
function blurRun(c: u32, fixed: bool, from: usize, to: usize, neighbours: usize, first: u32, last: u32): void {
  const size = (<usize>c) << 4;
  for (let slot = first; slot <= last; slot++) {
    const pair = neighbours + ((<usize>slot - 1) << 3);
    const one = from + <usize>load<u32>(pair) * size;
    const two = from + <usize>load<u32>(pair, 4) * size;
    const own = from + <usize>slot * size;
    const target = to + <usize>slot * size;
    if (fixed) {
      blurVector(one, two, own, target, 0);
      if (c > 1) blurVector(one, two, own, target, 16);
      if (c > 2) blurVector(one, two, own, target, 32);
      if (c > 3) blurVector(one, two, own, target, 48);
      if (c > 4) blurVector(one, two, own, target, 64);
      if (c > 5) blurVector(one, two, own, target, 80);
    } else {
      for (let v: usize = 0; v < size; v += 16) blurVector(one, two, own, target, v);
    }
  }
}

/** One axis of the blur for the vertices of slots `first .. last`: to = from + ½ (before + after). */
export function blur(c: u32, from: usize, to: usize, neighbours: usize, first: u32, last: u32): void {
  if (c == 1) blurRun(1, true, from, to, neighbours, first, last);
  else if (c == 2) blurRun(2, true, from, to, neighbours, first, last);
  else if (c == 6) blurRun(6, true, from, to, neighbours, first, last);
  else blurRun(c, false, from, to, neighbours, first, last);
}

/** The value of a point's corner r times its weight. */
@inline
function part(from: usize, slots: usize, weights: usize, r: usize): f32 {
  return load<f32>(weights + (r << 2)) * load<f32>(from + ((<usize>load<u32>(slots + (r << 2))) << 2));
}

@inline
function sliceOneRun(corners: u32, given: u32, from: usize, slots: usize, weights: usize, scale: f32, after: usize, target: usize, count: u32): void {
  const row = (<usize>(corners ? corners : given)) << 2;
  for (let i: u32 = 0; i < count; i++) {
    let sum: f32 = 0;
    if (corners) {
      sum = part(from, slots, weights, 0) + part(from, slots, weights, 1) + part(from, slots, weights, 2);
      if (corners > 3) sum += part(from, slots, weights, 3) + part(from, slots, weights, 4) + part(from, slots, weights, 5);
    } else {
      for (let r: u32 = 0; r < given; r++) sum += part(from, slots, weights, <usize>r);
    }
    slots += row;
    weights += row;
    const at = (<usize>i) << 2;
    const factor = after ? scale * load<f32>(after + at) : scale;
    store<f32>(target + at, load<f32>(target + at) + factor * sum);
  }
}

/** target += scale · after · slice(from), one channel. */
export function sliceOne(from: usize, slots: usize, weights: usize, corners: u32, scale: f32, after: usize, target: usize, count: u32): void {
  if (corners == 3) sliceOneRun(3, 3, from, slots, weights, scale, after, target, count);
  else if (corners == 6) sliceOneRun(6, 6, from, slots, weights, scale, after, target, count);
  else sliceOneRun(0, corners, from, slots, weights, scale, after, target, count);
}

@inline
function give(to: usize, slots: usize, weights: usize, r: usize, value: f32): void {
  const vertex = to + ((<usize>load<u32>(slots + (r << 2))) << 2);
  store<f32>(vertex, load<f32>(vertex) + load<f32>(weights + (r << 2)) * value);
}

@inline
function splatOneRun(corners: u32, given: u32, to: usize, slots: usize, weights: usize, before: usize, source: usize, count: u32): void {
  const row = (<usize>(corners ? corners : given)) << 2;
  for (let i: u32 = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const value = before ? load<f32>(source + at) * load<f32>(before + at) : load<f32>(source + at);
    if (corners) {
      give(to, slots, weights, 0, value);
      give(to, slots, weights, 1, value);
      give(to, slots, weights, 2, value);
      if (corners > 3) {
        give(to, slots, weights, 3, value);
        give(to, slots, weights, 4, value);
        give(to, slots, weights, 5, value);
      }
    } else {
      for (let r: u32 = 0; r < given; r++) give(to, slots, weights, <usize>r, value);
    }
    slots += row;
    weights += row;
  }
}

/** to += splat(before · source), one channel. */
export function splatOne(to: usize, slots: usize, weights: usize, corners: u32, before: usize, source: usize, count: u32): void {
  if (corners == 3) splatOneRun(3, 3, to, slots, weights, before, source, count);
  else if (corners == 6) splatOneRun(6, 6, to, slots, weights, before, source, count);
  else splatOneRun(0, corners, to, slots, weights, before, source, count);
}

/** One axis of the blur, one channel. */
export function blurOne(from: usize, to: usize, neighbours: usize, first: u32, last: u32): void {
  for (let slot = first; slot <= last; slot++) {
    const pair = neighbours + ((<usize>slot - 1) << 3);
    const sides = load<f32>(from + ((<usize>load<u32>(pair)) << 2)) + load<f32>(from + ((<usize>load<u32>(pair, 4)) << 2));
    store<f32>(to + ((<usize>slot) << 2), load<f32>(from + ((<usize>slot) << 2)) + <f32>0.5 * sides);
  }
}

/** to += from, for the vertices of slots `first .. end - 1`. */
export function addBuffer(c: u32, to: usize, from: usize, first: u32, end: u32): void {
  const size: usize = c == 0 ? 4 : (<usize>c) << 4;
  const last = <usize>end * size;
  let at = <usize>first * size;
  for (; at + 16 <= last; at += 16) v128.store(to + at, f32x4.add(v128.load(to + at), v128.load(from + at)));
  for (; at < last; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}
