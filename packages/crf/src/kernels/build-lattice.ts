import { LARGEST_COORDINATE, type LatticeData, type PointSource, RUN } from './lattice-data';
import { Simplex } from './simplex';
import { VertexTable } from './vertex-table';

/**
 * Builds the permutohedral lattice of a set of points.
 *
 * @param phantom Adds the vertices of the zero point at the end, as the reference does where N is no multiple of 4.
 * @returns `undefined` if a coordinate does not fit 16 bits: the features spread over more than about 10⁴ deviations.
 */
export function buildLattice(source: PointSource, phantom: boolean): LatticeData | undefined {
  const { points, dimensions: d } = source;
  const simplex = new Simplex(d);
  const table = new VertexTable(d, Math.min(points, 1 << 16));
  const offset = new Int32Array(points * (d + 1));
  const barycentric = new Float32Array(points * (d + 1));
  const rank = new Uint8Array(points * (d + 1));
  const features = new Float32Array(RUN * d);
  const wide = new Int32Array(d);
  const key = new Int16Array(d);

  const insert = (remainder: number): number => {
    simplex.key(remainder, wide);
    for (let i = 0; i < d; i++) {
      if (wide[i]! > LARGEST_COORDINATE || wide[i]! < -LARGEST_COORDINATE) return -1;
      key[i] = wide[i]!;
    }
    return table.insert(key);
  };

  for (let from = 0; from < points; from += RUN) {
    const count = Math.min(RUN, points - from);
    source.fill(features, RUN, from, count);
    for (let i = 0; i < count; i++) {
      simplex.locate(features, i, RUN);
      const at = (from + i) * (d + 1);
      for (let r = 0; r <= d; r++) {
        const vertex = insert(r);
        if (vertex < 0) return undefined;
        offset[at + r] = vertex;
      }
      barycentric.set(simplex.barycentric, at);
      rank.set(simplex.rank, at);
    }
  }
  if (phantom) {
    simplex.locate(features.fill(0), 0, RUN);
    for (let r = 0; r <= d; r++) insert(r);
  }
  return {
    points,
    dimensions: d,
    vertices: table.size,
    offset,
    barycentric,
    rank,
    neighbours: findNeighbours(table, d),
  };
}

/** `[d + 1, M, 2]`: one step along axis j is +1 in every coordinate but −d in coordinate j, and back. */
function findNeighbours(table: VertexTable, d: number): Int32Array {
  const count = table.size;
  const neighbours = new Int32Array((d + 1) * count * 2).fill(-1);
  const key = new Int16Array(d);
  for (let axis = 0; axis <= d; axis++) {
    for (let vertex = 0; vertex < count; vertex++) {
      const own = table.key(vertex);
      for (let i = 0; i < d; i++) key[i] = own[i]! - 1;
      if (axis < d) key[axis] = own[axis]! + d;
      const other = table.find(key);
      if (other < 0) continue;
      neighbours[(axis * count + vertex) * 2] = other;
      neighbours[(axis * count + other) * 2 + 1] = vertex;
    }
  }
  return neighbours;
}
