import { copyRun } from './copy-run';

/** For each axis, the index in the source that each index of the result is taken from. */
export type AxisMaps = readonly Int32Array[];

type Numbers = Float32Array | Int32Array | Uint8Array;

/** The map that leaves an axis as it is. */
export const sameAxis = (size: number): Int32Array => Int32Array.from({ length: size }, (_, i) => i);

/** How the maps work out in memory: outer axes that jump, over blocks that are copied whole. */
interface Walk {
  readonly axes: { readonly map: Int32Array; readonly stride: number }[];
  /** Where the block begins in the source, beside what the axes say. */
  readonly start: number;
  readonly block: number;
}

function walk(shape: readonly number[], maps: AxisMaps): Walk {
  const axes: { map: Int32Array; stride: number }[] = [];
  let stride = 1;
  let block = 1;
  let start = 0;
  let whole = true;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const map = maps[axis]!;
    if (whole && isRun(map)) {
      start = map.length > 0 ? map[0]! * stride : 0;
      block = map.length * stride;
      // Only below whole axes is the next axis contiguous too.
      whole = map.length === shape[axis];
    } else {
      axes.unshift({ map, stride });
      whole = false;
    }
    stride *= shape[axis]!;
  }
  return { axes, start, block };
}

function isRun(map: Int32Array): boolean {
  for (let i = 1; i < map.length; i++) if (map[i] !== map[i - 1]! + 1) return false;
  return true;
}

/** Calls back for every block, in the order of the result. */
function eachBlock({ axes, start }: Walk, visit: (source: number) => void): void {
  const descend = (depth: number, source: number): void => {
    const axis = axes[depth];
    if (!axis) visit(source);
    else for (let i = 0; i < axis.map.length; i++) descend(depth + 1, source + axis.map[i]! * axis.stride);
  };
  descend(0, start);
}

/** out[i, j, …] = source[maps₀[i], maps₁[j], …]: slices, mirrors, tiles, reversals, nearest neighbours. */
export function gatherAxes(out: Numbers, source: Numbers, shape: readonly number[], maps: AxisMaps): void {
  const plan = walk(shape, maps);
  const { block } = plan;
  let to = 0;
  eachBlock(plan, (from) => {
    copyRun(out, to, source, from, block);
    to += block;
  });
}

/** The transpose of {@link gatherAxes}: adds each value to the place that it was taken from. */
export function scatterAxes(out: Numbers, values: Numbers, shape: readonly number[], maps: AxisMaps): void {
  const plan = walk(shape, maps);
  const { block } = plan;
  out.fill(0);
  let from = 0;
  eachBlock(plan, (to) => {
    for (let i = 0; i < block; i++) out[to + i]! += values[from + i]!;
    from += block;
  });
}
