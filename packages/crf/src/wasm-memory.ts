import { BackendError } from '@wsss/core';

/** What 32-bit addresses reach. */
const LIMIT = 2 ** 32;
const gibibytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
const REMEDY =
  'Give `dispose` what is no longer needed, or take fewer classes (`classes`), a smaller `scale`, or parts of the image.';

/** First-fit allocation in a WebAssembly memory that grows: blocks of whole 64 bytes, from address 64 on. */
export class WasmMemory {
  readonly memory: WebAssembly.Memory;
  /** Free blocks, sorted by address, never adjacent. */
  readonly #free: { at: number; size: number }[] = [];
  readonly #used = new Map<number, number>();
  readonly #zero: (at: number, bytes: number) => void;
  #end = 64;

  /** @param zero Empties bytes from an address on: much faster from inside than through a view of shared memory. */
  constructor(memory: WebAssembly.Memory, zero: (at: number, bytes: number) => void) {
    this.memory = memory;
    this.#zero = zero;
  }

  /**
   * @returns The address of `bytes` bytes, zeroed if asked for.
   * @throws {BackendError} if the memory cannot grow so far; nothing is taken then.
   */
  allocate(bytes: number, zeroed = false): number {
    const size = Math.max(64, Math.ceil(bytes / 64) * 64);
    const index = this.#free.findIndex((block) => block.size >= size);
    let at: number;
    if (index >= 0) {
      const block = this.#free[index]!;
      at = block.at;
      block.at += size;
      block.size -= size;
      if (block.size === 0) this.#free.splice(index, 1);
    } else {
      at = this.#end;
      this.#end += size;
      const missing = this.#end - this.memory.buffer.byteLength;
      if (missing > 0) {
        try {
          // A little ahead, so that a lattice's table does not grow the memory page by page.
          this.memory.grow(Math.ceil(missing / 65536));
        } catch (error) {
          this.#end = at;
          throw new BackendError('wasm', `cannot have ${gibibytes(size)} of memory more`, REMEDY, { cause: error });
        }
      }
    }
    this.#used.set(at, size);
    if (zeroed) this.#zero(at, size);
    return at;
  }

  /**
   * To know before the work starts.
   * @throws {BackendError} if there cannot be so many bytes beside those in use.
   */
  require(bytes: number, purpose: string): void {
    if (this.used + bytes <= LIMIT) return;
    const problem = `${purpose} need ${gibibytes(bytes)}, and WebAssembly has 4 GiB (${gibibytes(this.used)} in use)`;
    throw new BackendError('wasm', problem, REMEDY);
  }

  free(at: number): void {
    const size = this.#used.get(at);
    if (size === undefined) return;
    this.#used.delete(at);
    let index = this.#free.findIndex((block) => block.at > at);
    if (index < 0) index = this.#free.length;
    this.#free.splice(index, 0, { at, size });
    this.#join(index);
    this.#join(index - 1);
    const last = this.#free.at(-1);
    if (last && last.at + last.size === this.#end) {
      this.#end = last.at;
      this.#free.pop();
    }
  }

  /** Bytes in use. */
  get used(): number {
    let sum = 0;
    for (const size of this.#used.values()) sum += size;
    return sum;
  }

  floats(at: number, length: number): Float32Array {
    return new Float32Array(this.memory.buffer, at, length);
  }

  words(at: number, length: number): Int32Array {
    return new Int32Array(this.memory.buffer, at, length);
  }

  /** Makes one of the free blocks `index` and `index + 1`, if they touch. */
  #join(index: number): void {
    const [one, two] = [this.#free[index], this.#free[index + 1]];
    if (one && two && one.at + one.size === two.at) {
      one.size += two.size;
      this.#free.splice(index + 1, 1);
    }
  }
}
