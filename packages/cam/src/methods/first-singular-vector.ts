/**
 * The first right singular vector of a matrix `[rows, columns]`, of length 1: the direction v with the largest ‖A v‖, by
 * power iteration on the smaller of AᵀA and AAᵀ in double. Zeros where the matrix is zero.
 */
export function firstSingularVector(matrix: Float32Array, rows: number, columns: number): Float64Array {
  const wide = columns > rows;
  const at = wide
    ? (i: number, k: number) => matrix[i * columns + k]!
    : (i: number, k: number) => matrix[k * columns + i]!;
  const [size, inner] = wide ? [rows, columns] : [columns, rows];
  const gram = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < inner; k++) sum += at(i, k) * at(j, k);
      gram[i * size + j] = sum;
      gram[j * size + i] = sum;
    }
  }
  const vector = iterate(gram, size);
  if (!wide) return vector;
  // The left singular vector u is at hand: v is Aᵀu, made of length 1.
  const right = new Float64Array(columns);
  for (let i = 0; i < rows; i++) for (let k = 0; k < columns; k++) right[k]! += vector[i]! * matrix[i * columns + k]!;
  return unit(right);
}

/** The eigenvector of the largest eigenvalue of a symmetric, positive semidefinite matrix, of length 1. */
function iterate(gram: Float64Array, size: number): Float64Array {
  // The column of the largest diagonal value has a share of what is sought, unless the matrix is 0.
  let start = 0;
  for (let i = 1; i < size; i++) if (gram[i * size + i]! > gram[start * size + start]!) start = i;
  let vector = unit(gram.slice(start * size, (start + 1) * size));
  for (let round = 0; round < 10_000; round++) {
    const next = new Float64Array(size);
    for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) next[i]! += gram[i * size + j]! * vector[j]!;
    unit(next);
    const moved = next.reduce((most, value, i) => Math.max(most, Math.abs(value - vector[i]!)), 0);
    vector = next;
    if (moved < 1e-12) break;
  }
  return vector;
}

/** Makes it of length 1, in place; 0 stays 0. */
function unit(vector: Float64Array): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i]! /= length;
  return vector;
}
