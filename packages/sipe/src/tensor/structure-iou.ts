import {
  add,
  cast,
  concat,
  div,
  expandDims,
  lessEqual,
  matMul,
  minimum,
  relu,
  reshape,
  slice,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  type Tensor3D,
  tidy,
  transpose,
  unstack,
} from '@tensorflow/tfjs-core';
import type { Overlap } from '../seed-options';

/** Values of the structure map that are computed at a time: 16 MiB. */
const BLOCK = 2 ** 22;

/**
 * The overlap of each cell's structure with each channel's activations, image by image and in blocks of rows, so that
 * no more than a block of the structure map is ever held.
 *
 * @param directions Normalised features, `[n, P, F]`.
 * @param cam `[n, P, K]`.
 * @returns `[n, P, K]`.
 */
export function structureIou(directions: Tensor3D, cam: Tensor3D, overlap: Overlap): Tensor3D {
  const [n, cells, channels] = cam.shape;
  const images = unstack(directions).map((rows, i) => {
    const activations = reshape(slice(cam, [i, 0, 0], [1, cells, channels]), [cells, channels]) as Tensor2D;
    return tidy(() => imageIou(rows as Tensor2D, activations, overlap));
  });
  return reshape(concat(images, 0), [n, cells, channels]);
}

function imageIou(directions: Tensor2D, cam: Tensor2D, overlap: Overlap): Tensor2D {
  const [cells, F] = directions.shape;
  const share = sum(cam, 0, true);
  const step = Math.max(1, Math.floor(BLOCK / cells));
  const blocks: Tensor2D[] = [];
  for (let from = 0; from < cells; from += step) {
    blocks.push(
      tidy(() => {
        const rows = slice(directions, [from, 0], [Math.min(step, cells - from), F]);
        const structure = relu(matMul(rows, directions, false, true)) as Tensor2D;
        const common = overlap === 'product' ? matMul(structure, cam) : minima(structure, cam);
        const union = sub(add(sum(structure, 1, true), share), common);
        // Without any structure and activation there is no overlap: 0 / 0 counts as 0.
        return div(common, add(union, cast(lessEqual(union, 0), 'float32'))) as Tensor2D;
      }),
    );
  }
  return concat(blocks, 0);
}

/** Σ_j min(S_ij, M_jk), one class at a time. */
function minima(structure: Tensor2D, cam: Tensor2D): Tensor2D {
  const columns = unstack(transpose(cam)).map((column: Tensor) =>
    tidy(() => sum(minimum(structure, expandDims(column, 0)), 1, true)),
  );
  return concat(columns as Tensor2D[], 1);
}
