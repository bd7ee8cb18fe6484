// Neighbouring pixels mostly lie in the same simplex: a cache of simplices comes before the table of vertices.
import { CACHE, CACHE_ENTRIES, ENTRY_SHIFT, insert, SCALES } from './table';

const SLOTS: usize = 16;

/**
 * Where the cache has, or would have, a simplex.
 * @param key Origin + ranks: the coordinates of the origin are multiples of d + 1, the ranks less than that.
 */
@inline
export function entryOf(cache: usize, key: v128): usize {
  const mixed = <u64>(i64x2.extract_lane(key, 0) + i64x2.extract_lane(key, 1) * 0x2545f4914f6cdd1d) * 0x9e3779b97f4a7c15;
  return cache + ((<usize>(<u32>(mixed >> 40) & (CACHE_ENTRIES - 1))) << ENTRY_SHIFT);
}

@inline
export function holds(entry: usize, key: v128): bool {
  return !v128.any_true(v128.xor(v128.load(entry), key)) && load<u32>(entry, SLOTS) != 0;
}

/** The vertices of a simplex from its cache entry. */
@inline
export function copySlots(entry: usize, d: u32, slots: usize): void {
  for (let r: u32 = 0; r <= d; r++) {
    store<u32>(slots + ((<usize>r) << 2), load<u32>(entry + ((<usize>r) << 2), SLOTS));
  }
}

/** Step 7: numbers the vertices of a simplex, in the order of their remainders, and keeps them in the cache. */
export function number(state: usize, d: u32, entry: usize, key: v128, origin: v128, rank: v128): void {
  v128.store(entry, key);
  const used = v128.load(<usize>load<u32>(state, SCALES), 32);
  for (let r: u32 = 0; r <= d; r++) {
    const wrapped = v128.and(i16x8.gt_s(rank, i16x8.splat(<i16>(d - r))), i16x8.splat(<i16>(d + 1)));
    const vertex = v128.and(i16x8.sub(i16x8.add(origin, i16x8.splat(<i16>r)), wrapped), used);
    store<u32>(entry + ((<usize>r) << 2), insert(state, vertex), SLOTS);
  }
}

/** The vertices of a point's simplex. */
@inline
export function enter(state: usize, d: u32, origin: v128, rank: v128, slots: usize): void {
  const key = i16x8.add(origin, rank);
  const entry = entryOf(<usize>load<u32>(state, CACHE), key);
  if (!holds(entry, key)) number(state, d, entry, key, origin, rank);
  copySlots(entry, d, slots);
}
