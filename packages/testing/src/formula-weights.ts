/**
 * Weights that full-network reference cases were computed with: a formula of the key instead of a file.
 * PSA's and SIPE's cases use two formulas; both hash the key with FNV-1a and mix the index.
 */

/** 32-bit FNV-1a of a name's bytes. */
export function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Uniform in [0, 1), value `index` of the stream of a key in PSA's cases. */
function psaUniform(seed: number): (index: number) => number {
  const offset = Math.imul(seed, 0x9e3779b1);
  return (index) => (mix((index + offset) | 0) >>> 8) / 16777216;
}

/** Uniform in [0, 1), value `index` of the stream of a key in SIPE's cases. */
export function sipeUniform(name: string, seed: number): (index: number) => number {
  const offset = mix(fnv1a(name) ^ seed);
  return (index) => (mix((Math.imul(index, 0x9e3779b9) + offset) | 0) >>> 8) / 16777216;
}

const size = (shape: readonly number[]) => shape.reduce((product, n) => product * n, 1);

function filled(shape: readonly number[], value: (index: number) => number): Float32Array {
  const values = new Float32Array(size(shape));
  for (let i = 0; i < values.length; i++) values[i] = value(i);
  return values;
}

/** A tensor of a state dictionary of PSA's full-network cases; shape and values in torch's layout. */
export function psaFormulaWeight(key: string, shape: readonly number[], salt = 0): Float32Array {
  const u = psaUniform((fnv1a(key) ^ salt) >>> 0);
  if (shape.length === 4) {
    const bound = (key.includes('branch2') ? 0.5 : 1) * Math.sqrt(6 / size(shape.slice(1)));
    return filled(shape, (i) => (2 * u(i) - 1) * bound);
  }
  if (key.endsWith('.running_mean') || key.endsWith('.bias')) return filled(shape, (i) => (2 * u(i) - 1) * 0.1);
  return filled(shape, (i) => 0.8 + u(i) * (1.2 - 0.8));
}

/** The image of PSA's full-network cases, `[h, w, 3]` in 0..255. */
export function psaFormulaImage(height: number, width: number, salt = 0): Uint8Array {
  const u = psaUniform((fnv1a(`image:${height}x${width}`) ^ salt) >>> 0);
  return Uint8Array.from({ length: height * width * 3 }, (_, i) => Math.floor(u(i) * 256));
}

/**
 * A tensor of a state dictionary of SIPE's full-network cases: its unique keys (`resnet50.layer1.0.conv1.weight`,
 * `side1.weight`, `classifier.weight`), shape and values in torch's layout.
 */
export function sipeFormulaWeight(key: string, shape: readonly number[], seed: number): Float32Array {
  const u = sipeUniform(key, seed);
  const [low, high] = sipeRange(key, shape);
  return filled(shape, (i) => low + (high - low) * u(i));
}

function sipeRange(key: string, shape: readonly number[]): [number, number] {
  if (key.startsWith('classifier')) {
    const bound = Math.sqrt(3 / shape[1]!);
    return [-bound - 0.0006, bound - 0.0006];
  }
  if (shape.length === 4) {
    const bound = key.startsWith('side') ? Math.sqrt(3 / shape[1]!) : Math.sqrt(6 / size(shape.slice(1)));
    return [-bound, bound];
  }
  if (key.endsWith('.running_var')) return [0.5, 1.5];
  if (key.endsWith('.running_mean') || key.endsWith('.bias')) return [-0.1, 0.1];
  return key.endsWith('bn3.weight') ? [0.2, 0.4] : [0.8, 1.2];
}
