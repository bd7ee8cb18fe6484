import { BackendError } from '@wsss/core';

const MEMORY_SECTION = 5;
const HAS_MAXIMUM = 1;
const SHARED = 2;

/**
 * A WebAssembly binary whose memory threads can share: one bit of its memory section says so. All that it computes
 * stays as it is.
 *
 * @throws {BackendError} if it has not exactly one memory with a maximum.
 */
export function shareMemory(binary: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(binary);
  let at = 8;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = copy[at++]!;
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < copy.length) {
    const section = copy[at++];
    const length = number();
    const end = at + length;
    if (section === MEMORY_SECTION && number() === 1 && copy[at] === HAS_MAXIMUM) {
      copy[at] = HAS_MAXIMUM | SHARED;
      return copy;
    }
    at = end;
  }
  throw new BackendError('wasm', 'the memory of its binary cannot be shared between threads');
}
