import { matMul, reshape, type Tensor, type Tensor2D, type Tensor4D, transpose } from '@tensorflow/tfjs-core';

/**
 * Y = A · X · Bᵀ for each image and channel of maps `[n, h, w, C]`: a linear map of the rows, then one of the columns.
 *
 * @param rows A, `[h', h]`; leave it out where rows stay.
 * @param columns B, `[w', w]`; leave it out where columns stay.
 * @returns `[n, h', w', C]`.
 */
export function separableMap(maps: Tensor4D, rows: Tensor2D | undefined, columns: Tensor2D | undefined): Tensor4D {
  // What shrinks the maps comes first.
  const rowsFirst = rows === undefined || rows.shape[0] <= rows.shape[1];
  return rowsFirst ? mapColumns(mapRows(maps, rows), columns) : mapRows(mapColumns(maps, columns), rows);
}

function mapRows(maps: Tensor4D, matrix: Tensor2D | undefined): Tensor4D {
  if (!matrix) return maps;
  const [n, h, w, C] = maps.shape;
  return reshape(mapMiddle(reshape(maps, [n, h, w * C]), matrix), [n, matrix.shape[0], w, C]);
}

function mapColumns(maps: Tensor4D, matrix: Tensor2D | undefined): Tensor4D {
  if (!matrix) return maps;
  const [n, h, w, C] = maps.shape;
  return reshape(mapMiddle(reshape(maps, [n * h, w, C]), matrix), [n, h, matrix.shape[0], C]);
}

/** The same matrix times each of a stack, `[s, m, k]` → `[s, m', k]`. */
function mapMiddle(stack: Tensor, matrix: Tensor2D): Tensor {
  const [s, m, k] = stack.shape as [number, number, number];
  const to = matrix.shape[0];
  if (s === 1) return matMul(matrix, reshape(stack, [m, k]));
  // One product of two matrices: WASM takes products of stacks a hundred times slower than the two transpositions.
  const flat = reshape(transpose(stack, [1, 0, 2]), [m, s * k]);
  return transpose(reshape(matMul(matrix, flat), [to, s, k]), [1, 0, 2]);
}
