/** Gives each new key (a point of the lattice, d 16-bit coordinates) the next whole number. */
export class VertexTable {
  readonly #dimensions: number;
  #keys: Int16Array;
  #slots: Int32Array;
  #size = 0;

  constructor(dimensions: number, expected: number) {
    this.#dimensions = dimensions;
    let capacity = 1024;
    while (capacity < expected) capacity *= 2;
    this.#keys = new Int16Array(capacity * dimensions);
    this.#slots = new Int32Array(capacity * 2).fill(-1);
  }

  get size(): number {
    return this.#size;
  }

  /** The key of a vertex, as a view. */
  key(vertex: number): Int16Array {
    return this.#keys.subarray(vertex * this.#dimensions, (vertex + 1) * this.#dimensions);
  }

  /** The number of a key, or −1. */
  find(key: Int16Array): number {
    return this.#slots[this.#place(key)]!;
  }

  /** The number of a key, a new one if it was not there. */
  insert(key: Int16Array): number {
    let place = this.#place(key);
    if (this.#slots[place]! >= 0) return this.#slots[place]!;
    if (this.#size * 2 >= this.#slots.length) {
      this.#grow();
      place = this.#place(key);
    }
    this.#keys.set(key, this.#size * this.#dimensions);
    this.#slots[place] = this.#size;
    return this.#size++;
  }

  #place(key: Int16Array): number {
    const dimensions = this.#dimensions;
    const mask = this.#slots.length - 1;
    let hash = 0;
    for (let i = 0; i < dimensions; i++) hash = Math.imul(hash ^ key[i]!, 0x9e3779b1) ^ (hash >>> 15);
    hash ^= hash >>> 13;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const vertex = this.#slots[place]!;
      if (vertex < 0) return place;
      const at = vertex * dimensions;
      let i = 0;
      while (i < dimensions && this.#keys[at + i] === key[i]) i++;
      if (i === dimensions) return place;
    }
  }

  #grow(): void {
    const keys = new Int16Array(this.#keys.length * 2);
    keys.set(this.#keys);
    this.#keys = keys;
    this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
    for (let vertex = 0; vertex < this.#size; vertex++) this.#slots[this.#place(this.key(vertex))] = vertex;
  }
}
