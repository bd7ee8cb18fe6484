import { matMul, reshape, type Tensor2D, type Tensor4D, transpose } from '@tensorflow/tfjs-core';

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
  // Products with the small matrix on the left need no transposition: a row of a map is one long column of numbers.
  const flat = reshape(maps, [n, h, w * C]);
  return reshape(matMul(reshape(matrix, [1, ...matrix.shape]), flat), [n, matrix.shape[0], w, C]);
}

function mapColumns(maps: Tensor4D, matrix: Tensor2D | undefined): Tensor4D {
  if (!matrix) return maps;
  const [n, h, w, C] = maps.shape;
  const flat = reshape(transpose(maps, [2, 0, 1, 3]), [w, n * h * C]);
  return transpose(reshape(matMul(matrix, flat), [matrix.shape[0], n, h, C]), [1, 2, 0, 3]);
}
