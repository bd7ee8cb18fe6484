// One application of a walk's matrix to 1 … 4 planes of doubles; see src/kernels/walk-step.ts for what it computes, in
// the same order of additions, so that both give the same bits.

// Fields of the plan, 32-bit words, as byte offsets.
const CELLS: usize = 0;
const NEIGHBOURS: usize = 4;
const DISTANCES: usize = 8; // bytes to each neighbour
const WEIGHTS: usize = 12;
const INVERSE: usize = 16;
const PLANE: usize = 20; // bytes from one plane to the next

@inline
function finish(total: v128, inverse: v128, scale: v128, before: v128, share: v128, next: usize, sum: usize): void {
  const value = f64x2.sub(f64x2.mul(scale, f64x2.mul(total, inverse)), f64x2.mul(before, v128.load(next)));
  v128.store(next, value);
  v128.store(sum, f64x2.add(v128.load(sum), f64x2.mul(share, value)));
}

@inline
function run(maps: u32, plan: usize, current: usize, next: usize, sum: usize, a: f64, b: f64, c: f64): void {
  const blocks = (load<u32>(plan, CELLS) + 1) >> 1;
  const distances = <usize>load<u32>(plan, DISTANCES);
  const end = distances + (<usize>load<u32>(plan, NEIGHBOURS) << 2);
  const plane = <usize>load<u32>(plan, PLANE);
  let weights = <usize>load<u32>(plan, WEIGHTS);
  let inverse = <usize>load<u32>(plan, INVERSE);
  const scale = f64x2.splat(a);
  const before = f64x2.splat(b);
  const share = f64x2.splat(c);
  const second = plane;
  const third = plane * 2;
  const fourth = plane * 3;
  for (let block: u32 = 0; block < blocks; block++) {
    let s0 = v128.load(current);
    let s1 = s0;
    let s2 = s0;
    let s3 = s0;
    if (maps > 1) s1 = v128.load(current + second);
    if (maps > 2) s2 = v128.load(current + third);
    if (maps > 3) s3 = v128.load(current + fourth);
    for (let d = distances; d < end; d += 4) {
      const at = current + load<i32>(d);
      const weight = f64x2.promote_low_f32x4(v128.load64_zero(weights));
      weights += 8;
      s0 = f64x2.add(s0, f64x2.mul(weight, v128.load(at)));
      if (maps > 1) s1 = f64x2.add(s1, f64x2.mul(weight, v128.load(at + second)));
      if (maps > 2) s2 = f64x2.add(s2, f64x2.mul(weight, v128.load(at + third)));
      if (maps > 3) s3 = f64x2.add(s3, f64x2.mul(weight, v128.load(at + fourth)));
    }
    const divide = v128.load(inverse);
    finish(s0, divide, scale, before, share, next, sum);
    if (maps > 1) finish(s1, divide, scale, before, share, next + second, sum + second);
    if (maps > 2) finish(s2, divide, scale, before, share, next + third, sum + third);
    if (maps > 3) finish(s3, divide, scale, before, share, next + fourth, sum + fourth);
    current += 16;
    next += 16;
    sum += 16;
    inverse += 16;
  }
}

/** next ← scale · T current − before · next, sum ← sum + share · next; addresses of the first cells. */
export function walk(maps: u32, plan: usize, current: usize, next: usize, sum: usize, scale: f64, before: f64, share: f64): void {
  if (maps == 1) run(1, plan, current, next, sum, scale, before, share);
  else if (maps == 2) run(2, plan, current, next, sum, scale, before, share);
  else if (maps == 3) run(3, plan, current, next, sum, scale, before, share);
  else run(4, plan, current, next, sum, scale, before, share);
}
