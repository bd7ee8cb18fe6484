// Splat, blur and slice for values of 4 · c channels per point (c vectors), or of one channel.
// Slot 0 of a buffer stands for absent neighbours and holds zeros.

/** The sum over the vertices of one point, for each of c ≤ 6 vectors, multiplied by `scale` and added to `target`. */
// @ts-ignore: decorator
@inline
function sliceFixed(c: u32, from: usize, slots: usize, weights: usize, corners: u32, scale: v128, target: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = f32x4.splat(0);
  let s2 = f32x4.splat(0);
  let s3 = f32x4.splat(0);
  let s4 = f32x4.splat(0);
  let s5 = f32x4.splat(0);
  for (let r: u32 = 0; r < corners; r++) {
    const at = from + <usize>load<u32>(slots + ((<usize>r) << 2)) * <usize>(c << 4);
    const weight = v128.load32_splat(weights + ((<usize>r) << 2));
    s0 = f32x4.add(s0, f32x4.mul(weight, v128.load(at)));
    if (c > 1) s1 = f32x4.add(s1, f32x4.mul(weight, v128.load(at, 16)));
    if (c > 2) s2 = f32x4.add(s2, f32x4.mul(weight, v128.load(at, 32)));
    if (c > 3) s3 = f32x4.add(s3, f32x4.mul(weight, v128.load(at, 48)));
    if (c > 4) s4 = f32x4.add(s4, f32x4.mul(weight, v128.load(at, 64)));
    if (c > 5) s5 = f32x4.add(s5, f32x4.mul(weight, v128.load(at, 80)));
  }
  v128.store(target, f32x4.add(v128.load(target), f32x4.mul(s0, scale)));
  if (c > 1) v128.store(target, f32x4.add(v128.load(target, 16), f32x4.mul(s1, scale)), 16);
  if (c > 2) v128.store(target, f32x4.add(v128.load(target, 32), f32x4.mul(s2, scale)), 32);
  if (c > 3) v128.store(target, f32x4.add(v128.load(target, 48), f32x4.mul(s3, scale)), 48);
  if (c > 4) v128.store(target, f32x4.add(v128.load(target, 64), f32x4.mul(s4, scale)), 64);
  if (c > 5) v128.store(target, f32x4.add(v128.load(target, 80), f32x4.mul(s5, scale)), 80);
}

// @ts-ignore: decorator
@inline
function sliceAny(c: u32, from: usize, slots: usize, weights: usize, corners: u32, scale: v128, target: usize): void {
  for (let r: u32 = 0; r < corners; r++) {
    const at = from + <usize>load<u32>(slots + ((<usize>r) << 2)) * <usize>(c << 4);
    const weight = f32x4.mul(v128.load32_splat(weights + ((<usize>r) << 2)), scale);
    for (let v: usize = 0; v < (<usize>c) << 4; v += 16) {
      v128.store(target + v, f32x4.add(v128.load(target + v), f32x4.mul(weight, v128.load(at + v))));
    }
  }
}

// @ts-ignore: decorator
@inline
function sliceRun(c: u32, fixed: bool, from: usize, slots: usize, weights: usize, corners: u32, scale: f32, after: usize, target: usize, count: u32): void {
  const row = (<usize>corners) << 2;
  for (let i: u32 = 0; i < count; i++) {
    const factor = after ? f32x4.splat(scale * load<f32>(after + ((<usize>i) << 2))) : f32x4.splat(scale);
    if (fixed) sliceFixed(c, from, slots, weights, corners, factor, target);
    else sliceAny(c, from, slots, weights, corners, factor, target);
    slots += row;
    weights += row;
    target += (<usize>c) << 4;
  }
}

/** target += scale · after · slice(from), for `count` points. */
export function slice(c: u32, from: usize, slots: usize, weights: usize, corners: u32, scale: f32, after: usize, target: usize, count: u32): void {
  if (c == 1) sliceRun(1, true, from, slots, weights, corners, scale, after, target, count);
  else if (c == 2) sliceRun(2, true, from, slots, weights, corners, scale, after, target, count);
  else if (c == 3) sliceRun(3, true, from, slots, weights, corners, scale, after, target, count);
  else if (c == 6) sliceRun(6, true, from, slots, weights, corners, scale, after, target, count);
  else sliceRun(c, false, from, slots, weights, corners, scale, after, target, count);
}

// @ts-ignore: decorator
@inline
function splatRun(c: u32, fixed: bool, to: usize, slots: usize, weights: usize, corners: u32, before: usize, source: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const factor = before ? load<f32>(before + ((<usize>i) << 2)) : 1;
    for (let r: u32 = 0; r < corners; r++) {
      const at = to + <usize>load<u32>(slots) * <usize>(c << 4);
      const weight = f32x4.splat(factor * load<f32>(weights));
      if (fixed) {
        v128.store(at, f32x4.add(v128.load(at), f32x4.mul(weight, v128.load(source))));
        if (c > 1) v128.store(at, f32x4.add(v128.load(at, 16), f32x4.mul(weight, v128.load(source, 16))), 16);
        if (c > 2) v128.store(at, f32x4.add(v128.load(at, 32), f32x4.mul(weight, v128.load(source, 32))), 32);
        if (c > 3) v128.store(at, f32x4.add(v128.load(at, 48), f32x4.mul(weight, v128.load(source, 48))), 48);
        if (c > 4) v128.store(at, f32x4.add(v128.load(at, 64), f32x4.mul(weight, v128.load(source, 64))), 64);
        if (c > 5) v128.store(at, f32x4.add(v128.load(at, 80), f32x4.mul(weight, v128.load(source, 80))), 80);
      } else {
        for (let v: usize = 0; v < (<usize>c) << 4; v += 16) {
          v128.store(at + v, f32x4.add(v128.load(at + v), f32x4.mul(weight, v128.load(source + v))));
        }
      }
      slots += 4;
      weights += 4;
    }
    source += (<usize>c) << 4;
  }
}

/** to += splat(before · source), for `count` points. */
export function splat(c: u32, to: usize, slots: usize, weights: usize, corners: u32, before: usize, source: usize, count: u32): void {
  if (c == 1) splatRun(1, true, to, slots, weights, corners, before, source, count);
  else if (c == 2) splatRun(2, true, to, slots, weights, corners, before, source, count);
  else if (c == 3) splatRun(3, true, to, slots, weights, corners, before, source, count);
  else if (c == 6) splatRun(6, true, to, slots, weights, corners, before, source, count);
  else splatRun(c, false, to, slots, weights, corners, before, source, count);
}

/** One axis of the blur for the vertices of slots `first .. last`: to = from + ½ (before + after). */
export function blur(c: u32, from: usize, to: usize, neighbours: usize, first: u32, last: u32): void {
  const half = f32x4.splat(0.5);
  const size = (<usize>c) << 4;
  for (let slot = first; slot <= last; slot++) {
    const pair = neighbours + ((<usize>slot - 1) << 3);
    const one = from + <usize>load<u32>(pair) * size;
    const two = from + <usize>load<u32>(pair, 4) * size;
    const own = from + <usize>slot * size;
    const target = to + <usize>slot * size;
    for (let v: usize = 0; v < size; v += 16) {
      const sides = f32x4.mul(half, f32x4.add(v128.load(one + v), v128.load(two + v)));
      v128.store(target + v, f32x4.add(v128.load(own + v), sides));
    }
  }
}

/** target += scale · after · slice(from), one channel. */
export function sliceOne(from: usize, slots: usize, weights: usize, corners: u32, scale: f32, after: usize, target: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    let sum: f32 = 0;
    for (let r: u32 = 0; r < corners; r++) {
      sum += load<f32>(weights) * load<f32>(from + ((<usize>load<u32>(slots)) << 2));
      slots += 4;
      weights += 4;
    }
    const at = (<usize>i) << 2;
    const factor = after ? scale * load<f32>(after + at) : scale;
    store<f32>(target + at, load<f32>(target + at) + factor * sum);
  }
}

/** to += splat(before · source), one channel. */
export function splatOne(to: usize, slots: usize, weights: usize, corners: u32, before: usize, source: usize, count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const at = (<usize>i) << 2;
    const value = before ? load<f32>(source + at) * load<f32>(before + at) : load<f32>(source + at);
    for (let r: u32 = 0; r < corners; r++) {
      const vertex = to + ((<usize>load<u32>(slots)) << 2);
      store<f32>(vertex, load<f32>(vertex) + load<f32>(weights) * value);
      slots += 4;
      weights += 4;
    }
  }
}

/** One axis of the blur, one channel. */
export function blurOne(from: usize, to: usize, neighbours: usize, first: u32, last: u32): void {
  for (let slot = first; slot <= last; slot++) {
    const pair = neighbours + ((<usize>slot - 1) << 3);
    const sides = load<f32>(from + ((<usize>load<u32>(pair)) << 2)) + load<f32>(from + ((<usize>load<u32>(pair, 4)) << 2));
    store<f32>(to + ((<usize>slot) << 2), load<f32>(from + ((<usize>slot) << 2)) + <f32>0.5 * sides);
  }
}
