import { type TensorInfo, util } from '@tensorflow/tfjs-core';
import { accelerate } from './accelerate';

interface Operands {
  a: TensorInfo;
  b: TensorInfo;
}

/** Numbers of operations in assembly/channel-arithmetic.ts: with the wide operand first, or second. */
const OPERATIONS = { Add: [0, 0], Sub: [1, 2], Multiply: [3, 3] } as const;

/** Fewer values than these are no work. */
const FEW = 256;

/** How one value a channel meets many pixels: `[n, h, w, C]` with `[C]`, or with `[n, 1, 1, C]`. */
export interface ChannelLayout {
  /** Images with values of their own, or one for all. */
  readonly groups: number;
  /** Pixels of each. */
  readonly rows: number;
  readonly channels: number;
}

/** @returns `undefined` if the narrow operand has other axes than leading ones and the last. */
export function channelLayout(wide: readonly number[], narrow: readonly number[]): ChannelLayout | undefined {
  if (narrow.length > wide.length) return undefined;
  const own = [...Array<number>(wide.length - narrow.length).fill(1), ...narrow];
  const channels = wide.at(-1) ?? 1;
  if (channels < 2 || own.at(-1) !== channels) return undefined;
  let leading = 0;
  while (leading < wide.length - 1 && own[leading] === wide[leading]) leading++;
  if (own.slice(leading, -1).some((n) => n !== 1)) return undefined;
  const groups = util.sizeFromShape(own.slice(0, -1));
  return { groups, rows: util.sizeFromShape([...wide]) / groups / channels, channels };
}

/** Sums, differences and products with one value a channel, which the stock kernels do many times slower than others. */
const withChannels = (kernel: keyof typeof OPERATIONS) =>
  accelerate<Operands, object>((module, { a, b }) => {
    const [left, right] = [util.sizeFromShape(a.shape), util.sizeFromShape(b.shape)];
    const wideFirst = left > right;
    if (left === right || Math.max(left, right) < FEW) return undefined;
    const [wide, narrow] = wideFirst ? [a, b] : [b, a];
    const layout = channelLayout(wide.shape, narrow.shape);
    if (!layout) return undefined;
    const { groups, rows, channels } = layout;
    const out = module.output(wide.shape);
    const addresses = [module.address(wide), module.address(narrow), module.address(out)] as const;
    const step = groups === 1 ? 0 : channels * 4;
    module.channelArithmetic(OPERATIONS[kernel][wideFirst ? 0 : 1], ...addresses, groups, rows, channels, step);
    return out;
  });

export const simdAdd = withChannels('Add');
export const simdSub = withChannels('Sub');
export const simdMultiply = withChannels('Multiply');
