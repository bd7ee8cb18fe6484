import { finiteValues, ShapeError, type TensorLike, ValueError } from '@wsss/core';

/** A boundary map `[h, w]` or `[h, w, 1]`, in [0, 1]. */
export async function edgeValues(
  where: string,
  edge: TensorLike,
  size?: readonly [number, number],
): Promise<Float32Array> {
  const [h, w, channels = 1] = edge?.shape ?? [];
  const rank = edge?.shape?.length;
  const fits = (rank === 2 || rank === 3) && channels === 1 && h! > 0 && w! > 0;
  if (!fits || (size && (h !== size[0] || w !== size[1]))) {
    const hint = rank === 4 ? 'Give one map, without a batch axis.' : 'Maps and boundaries are on the same cells.';
    throw new ShapeError(where, 'edge', size ?? ['h', 'w'], edge?.shape, hint);
  }
  const values = await finiteValues(where, 'edge', edge);
  const wrong = values.findIndex((value) => value < 0 || value > 1);
  if (wrong >= 0) {
    const hint = 'Boundaries are probabilities: take the sigmoid first.';
    throw new ValueError(
      where,
      'edge',
      `to be in [0, 1] at [${Math.floor(wrong / w!)}, ${wrong % w!}]`,
      values[wrong],
      hint,
    );
  }
  return values;
}
