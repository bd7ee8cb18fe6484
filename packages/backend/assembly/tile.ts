// The micro-kernel of every product: 4 rows times 8 columns. The inner loop stays as it is, not unrolled and inside an
// outer one: V8's register allocator keeps all eight sums in registers only so (benchmarks/src/backend/kernels.ts
// tells when a change makes it spill).

/** Bytes of what is done with a finished panel: 8 biases, then the lower and the upper bound, four times each. */
export const FINISH: usize = 64;

/**
 * targets[r][j] = Σ over runs and k of row r's values times panel[k][j], for 4 rows and 8 columns.
 *
 * @param A Its size is the distance between two values of a row: `f32` for plain rows, `v128` for four rows interleaved.
 * @param runs Runs of values: 0 gives zeros.
 * @param length Values of each run, at least 1.
 * @param table `[runs][4]` addresses: where each row's run starts.
 * @param panel The 8 columns of the first value; each further value's follow `step` bytes later, through all runs.
 * @param targets Four addresses, to which `at` is added: where the 8 columns of each row go.
 * @param add Whether to add to what the targets hold.
 * @param finish Bias and bounds that end the sum (see {@link FINISH}), or 0.
 */
export function tile<A>(
  runs: i32,
  length: i32,
  table: usize,
  panel: usize,
  step: usize,
  targets: usize,
  at: usize,
  add: bool,
  finish: usize,
): void {
  let s00: v128 = f32x4.splat(0);
  let s01: v128 = f32x4.splat(0);
  let s10: v128 = f32x4.splat(0);
  let s11: v128 = f32x4.splat(0);
  let s20: v128 = f32x4.splat(0);
  let s21: v128 = f32x4.splat(0);
  let s30: v128 = f32x4.splat(0);
  let s31: v128 = f32x4.splat(0);
  let a: v128;
  let b0: v128;
  let b1: v128;
  for (let t = 0; t < runs; t++) {
    let p0: usize = load<u32>(table);
    let p1: usize = load<u32>(table, 4);
    let p2: usize = load<u32>(table, 8);
    let p3: usize = load<u32>(table, 12);
    table += 16;
    let k = length;
    do {
      b0 = v128.load(panel);
      b1 = v128.load(panel, 16);
      a = v128.load32_splat(p0);
      s00 = f32x4.add(s00, f32x4.mul(a, b0));
      s01 = f32x4.add(s01, f32x4.mul(a, b1));
      a = v128.load32_splat(p1);
      s10 = f32x4.add(s10, f32x4.mul(a, b0));
      s11 = f32x4.add(s11, f32x4.mul(a, b1));
      a = v128.load32_splat(p2);
      s20 = f32x4.add(s20, f32x4.mul(a, b0));
      s21 = f32x4.add(s21, f32x4.mul(a, b1));
      a = v128.load32_splat(p3);
      s30 = f32x4.add(s30, f32x4.mul(a, b0));
      s31 = f32x4.add(s31, f32x4.mul(a, b1));
      p0 += sizeof<A>();
      p1 += sizeof<A>();
      p2 += sizeof<A>();
      p3 += sizeof<A>();
      panel += step;
      k--;
    } while (k > 0);
  }
  const first = <usize>load<u32>(targets) + at;
  const second = <usize>load<u32>(targets, 4) + at;
  const third = <usize>load<u32>(targets, 8) + at;
  const fourth = <usize>load<u32>(targets, 12) + at;
  if (add) {
    s00 = f32x4.add(s00, v128.load(first));
    s01 = f32x4.add(s01, v128.load(first, 16));
    s10 = f32x4.add(s10, v128.load(second));
    s11 = f32x4.add(s11, v128.load(second, 16));
    s20 = f32x4.add(s20, v128.load(third));
    s21 = f32x4.add(s21, v128.load(third, 16));
    s30 = f32x4.add(s30, v128.load(fourth));
    s31 = f32x4.add(s31, v128.load(fourth, 16));
  }
  if (finish) {
    b0 = v128.load(finish);
    b1 = v128.load(finish, 16);
    const low = v128.load(finish, 32);
    const high = v128.load(finish, 48);
    s00 = f32x4.min(f32x4.max(f32x4.add(s00, b0), low), high);
    s01 = f32x4.min(f32x4.max(f32x4.add(s01, b1), low), high);
    s10 = f32x4.min(f32x4.max(f32x4.add(s10, b0), low), high);
    s11 = f32x4.min(f32x4.max(f32x4.add(s11, b1), low), high);
    s20 = f32x4.min(f32x4.max(f32x4.add(s20, b0), low), high);
    s21 = f32x4.min(f32x4.max(f32x4.add(s21, b1), low), high);
    s30 = f32x4.min(f32x4.max(f32x4.add(s30, b0), low), high);
    s31 = f32x4.min(f32x4.max(f32x4.add(s31, b1), low), high);
  }
  v128.store(first, s00);
  v128.store(first, s01, 16);
  v128.store(second, s10);
  v128.store(second, s11, 16);
  v128.store(third, s20);
  v128.store(third, s21, 16);
  v128.store(fourth, s30);
  v128.store(fourth, s31, 16);
}

/**
 * The same where the targets have less than 8 columns: only those are read and written.
 *
 * @param corner Room for {@link CORNER} bytes.
 */
export function cornerTile<A>(
  runs: i32,
  length: i32,
  table: usize,
  panel: usize,
  step: usize,
  targets: usize,
  at: usize,
  add: bool,
  finish: usize,
  columns: i32,
  corner: usize,
): void {
  const bytes = <usize>columns << 2;
  let values = corner + 16;
  for (let r: usize = 0; r < 4; r++) {
    store<u32>(corner + (r << 2), <u32>values);
    if (add) copyValues(values, <usize>load<u32>(targets + (r << 2)) + at, bytes);
    values += 32;
  }
  tile<A>(runs, length, table, panel, step, corner, 0, add, finish);
  values = corner + 16;
  for (let r: usize = 0; r < 4; r++) {
    copyValues(<usize>load<u32>(targets + (r << 2)) + at, values, bytes);
    values += 32;
  }
}

/** Bytes that {@link cornerTile} works in. */
export const CORNER: usize = 16 + 128;

function copyValues(to: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 4) store<f32>(to + i, load<f32>(from + i));
}
