import type { TensorLike } from '@wsss/core';

// The deterministic weights of spec/psa, section 16: unsigned arithmetic of 32 bits, then doubles rounded once.

/** Values of a parameter by its name: made when they are read, because a ResNet-38 has a hundred million. */
export function formulaWeights(key: string, shape: readonly number[], salt: number): TensorLike {
  return { shape, dtype: 'float32', data: async () => values(key, shape, salt) };
}

/** RGB bytes, `[h, w, 3]` row by row. */
export function formulaImage(h: number, w: number, salt: number): Uint8Array {
  const offset = offsetOf(`image:${h}x${w}`, salt);
  return Uint8Array.from({ length: h * w * 3 }, (_, i) => Math.floor(fraction(i + offset) * 256));
}

function values(key: string, shape: readonly number[], salt: number): Float32Array {
  const offset = offsetOf(key, salt);
  const result = new Float32Array(shape.reduce((product, n) => product * n, 1));
  if (shape.length === 4) {
    const [, inputs, height, width] = shape as [number, number, number, number];
    const bound = (key.includes('branch2') ? 0.5 : 1) * Math.sqrt(6 / (inputs * height * width));
    for (let i = 0; i < result.length; i++) result[i] = (2 * fraction(i + offset) - 1) * bound;
  } else if (key.endsWith('.weight') || key.endsWith('.running_var')) {
    for (let i = 0; i < result.length; i++) result[i] = 0.8 + fraction(i + offset) * (1.2 - 0.8);
  } else {
    for (let i = 0; i < result.length; i++) result[i] = (2 * fraction(i + offset) - 1) * 0.1;
  }
  return result;
}

const offsetOf = (name: string, salt: number) => Math.imul(fnv1a(name) ^ salt, 0x9e3779b1);

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** A number of [0, 1) for each whole number, exact in a double. */
function fraction(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return (x >>> 8) / 16777216;
}
