// Two threads number the vertices of their own points; here one numbering comes of it, in the order of the points.
import { insert, KEYS, SIZE } from './table';

/** Enters the keys of another table, in its order; `map[slot]` becomes the slot here. */
export function adopt(state: usize, other: usize, map: usize): void {
  const size = load<u32>(other, SIZE);
  const keys = <usize>load<u32>(other, KEYS);
  for (let slot: u32 = 1; slot <= size; slot++) {
    store<u32>(map + ((<usize>slot) << 2), insert(state, v128.load(keys + ((<usize>slot) << 4))));
  }
}

/** Replaces each slot by what the map says. */
export function renumber(slots: usize, count: u32, map: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<u32>(slots, load<u32>(map + ((<usize>load<u32>(slots)) << 2)));
    slots += 4;
  }
}
