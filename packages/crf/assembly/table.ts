// The vertices of a lattice and the hash table that numbers them.
//
// A key is the first d ≤ 8 coordinates of a vertex as 16-bit integers in one vector, unused lanes 0. The table holds
// slots (number of the vertex + 1; 0 is empty), open addressing, at most a quarter full: locating points stops in time, and
// the caller makes a larger one.

/** Fields of the builder's state, in bytes from its address. All are 32-bit. */
export const MASK: usize = 0;
export const TABLE: usize = 4;
export const KEYS: usize = 8;
export const SIZE: usize = 12;
export const CACHE: usize = 16;
export const OVERFLOW: usize = 20;
export const DIMENSIONS: usize = 24;
export const SCALES: usize = 28;
export const SCRATCH: usize = 32;
/** Beyond so many vertices no more points are begun. */
export const LIMIT: usize = 36;
/** How many points of the last run were located. */
export const DONE: usize = 40;
/** Whether table and cache have still to be emptied. */
export const FRESH: usize = 44;

/** Whether there may be no room for the vertices of four more points. */
@inline
export function full(state: usize): bool {
  return load<u32>(state, SIZE) > load<u32>(state, LIMIT);
}

/** Entries of the cache, a power of two; each key and up to nine slots, in 64 bytes. */
export const CACHE_ENTRIES: u32 = 4096;
export const ENTRY_SHIFT: usize = 6;

/** Makes a numbering ready that has no vertices yet. */
export function empty(state: usize): void {
  memory.fill(load<u32>(state, TABLE), 0, (<usize>load<u32>(state, MASK) + 1) << 2);
  memory.fill(load<u32>(state, CACHE), 0, (<usize>CACHE_ENTRIES) << ENTRY_SHIFT);
  store<u32>(state, 0, FRESH);
}

@inline
export function hash(key: v128): u32 {
  const low = i64x2.extract_lane(key, 0);
  const high = i64x2.extract_lane(key, 1);
  let h = <u64>low * 0x9e3779b97f4a7c15;
  h = (h ^ (h >> 32)) + <u64>high;
  h *= 0xd6e8feb86659fd93;
  return <u32>(h >> 32);
}

/** The place in the table where this key is, or where it would be put. */
@inline
export function place(state: usize, key: v128): usize {
  const mask = load<u32>(state, MASK);
  const table = <usize>load<u32>(state, TABLE);
  const keys = <usize>load<u32>(state, KEYS);
  let at = hash(key) & mask;
  while (true) {
    const address = table + ((<usize>at) << 2);
    const slot = load<u32>(address);
    if (slot == 0) return address;
    if (!v128.any_true(v128.xor(v128.load(keys + ((<usize>slot) << 4)), key))) return address;
    at = (at + 1) & mask;
  }
}

/** The slot of a key, a new one if it was not there. */
@inline
export function insert(state: usize, key: v128): u32 {
  const address = place(state, key);
  let slot = load<u32>(address);
  if (slot == 0) {
    slot = load<u32>(state, SIZE) + 1;
    store<u32>(state, slot, SIZE);
    store<u32>(address, slot);
    v128.store(<usize>load<u32>(state, KEYS) + ((<usize>slot) << 4), key);
  }
  return slot;
}

/** Enters all keys into a table that has become larger (and is all zeros). */
export function rehash(state: usize): void {
  const size = load<u32>(state, SIZE);
  const keys = <usize>load<u32>(state, KEYS);
  for (let slot: u32 = 1; slot <= size; slot++) {
    store<u32>(place(state, v128.load(keys + ((<usize>slot) << 4))), slot);
  }
}

/**
 * `[d + 1, M, 2]` slots: the neighbours one step back and forth along each axis, 0 where there is none. Here the steps
 * back of the vertices `first .. end - 1`, counted through all axes, which are the steps forth of those that they lead to.
 * @param steps d + 1 vectors: what to add to a key for one step back.
 * @param neighbours Zeros.
 */
export function findNeighbours(state: usize, steps: usize, neighbours: usize, first: u32, end: u32): void {
  const size = load<u32>(state, SIZE);
  const keys = <usize>load<u32>(state, KEYS);
  while (first < end) {
    const axis = first / size;
    const past = axis * size;
    const step = v128.load(steps + ((<usize>axis) << 4));
    const row = neighbours + ((<usize>past) << 3);
    const last = min(end - past, size);
    for (let slot = first - past + 1; slot <= last; slot++) {
      const other = load<u32>(place(state, i16x8.add(v128.load(keys + ((<usize>slot) << 4)), step)));
      if (other == 0) continue;
      store<u32>(row + ((<usize>slot - 1) << 3), other);
      store<u32>(row + ((<usize>other - 1) << 3), slot, 4);
    }
    first = past + last;
  }
}
