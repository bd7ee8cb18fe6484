import { ValueError } from '@wsss/core';

/** A branch of an AffinityNet's head: a tap, a 1×1 convolution, and what comes between it and its ELU. */
export interface AffinitySide {
  /** The backbone's tap. */
  readonly tap: string;
  /** Name of the convolution: its weights are `layer.weight`. */
  readonly layer: string;
  /** Its output channels. */
  readonly width: number;
  /** Group norm after it. */
  readonly norm?: { readonly layer: string; readonly groups: number };
}

/** What an AffinityNet puts on a backbone. */
export interface AffinityHead {
  readonly sides: readonly AffinitySide[];
  /** The 1×1 convolution on all sides together. */
  readonly output: { readonly layer: string; readonly width: number };
  /** Pixels per cell of the result; taps of another stride are resized. */
  readonly stride: number;
  /** Divides each tap by its root mean square per photo, for backbones whose taps differ in size. @default false */
  readonly equalise?: boolean;
}

const official = (taps: readonly string[], groups?: readonly number[]): AffinityHead => ({
  sides: taps.map((tap, i) => ({
    tap,
    layer: `f8_${i + 3}`,
    width: 64 << i,
    ...(groups && { norm: { layer: `gn8_${i + 3}`, groups: groups[i]! } }),
  })),
  output: { layer: 'f9', width: 448 },
  stride: 8,
});

const resnet38d = official(['conv4', 'conv5', 'conv6']);

/** The official heads (`resnet38` is PSA's name for that of ResNet-38d), and one of our own for MobileNetV2. */
export const AFFINITY_HEADS = {
  resnet38d,
  resnet38: resnet38d,
  vgg16: official(['conv4', 'conv5', 'conv5fc'], [8, 16, 32]),
  mobilenetV2: {
    sides: [
      { tap: 'features.3', layer: 'side_3', width: 32 },
      { tap: 'features.6', layer: 'side_6', width: 32 },
      { tap: 'features.13', layer: 'side_13', width: 64 },
      { tap: 'features.17', layer: 'side_17', width: 96 },
    ],
    output: { layer: 'fuse', width: 224 },
    stride: 8,
    equalise: true,
  },
} as const satisfies Record<string, AffinityHead>;

export type AffinityHeadName = keyof typeof AFFINITY_HEADS;

/**
 * A head with other widths and groups.
 *
 * @param widths Of the sides, in their order; one more is that of the output, which is their sum otherwise.
 * @throws {ValueError} for an unknown head, and for widths or groups that do not fit it.
 */
export function chooseHead(
  head: AffinityHeadName | AffinityHead,
  widths?: readonly number[],
  groups?: readonly number[],
): AffinityHead {
  const where = 'AffinityNet';
  const chosen: AffinityHead | undefined = typeof head === 'string' ? AFFINITY_HEADS[head] : head;
  if (!chosen?.sides?.length) {
    const names = Object.keys(AFFINITY_HEADS).join(', ');
    throw new ValueError(where, 'head', `to be ${names}, or an AffinityHead`, head);
  }
  const count = chosen.sides.length;
  const whole = (list: readonly number[]) => list.every((n) => Number.isSafeInteger(n) && n >= 1);
  if (widths && !((widths.length === count || widths.length === count + 1) && whole(widths))) {
    throw new ValueError(where, 'widths', `to be ${count} or ${count + 1} whole numbers ≥ 1`, widths);
  }
  if (groups && !chosen.sides.every(({ norm }) => norm)) {
    throw new ValueError(where, 'groups', 'to be left out for a head without group norm', groups);
  }
  if (groups && !(groups.length === count && whole(groups))) {
    throw new ValueError(where, 'groups', `to be ${count} whole numbers ≥ 1`, groups);
  }
  const sides = chosen.sides.map((side, i) => ({
    ...side,
    width: widths?.[i] ?? side.width,
    ...(side.norm && { norm: { ...side.norm, groups: groups?.[i] ?? side.norm.groups } }),
  }));
  for (const { norm, width } of sides) {
    if (norm && width % norm.groups) {
      throw new ValueError(where, 'groups', `to divide the width ${width} of its side`, norm.groups);
    }
  }
  const sum = widths && sides.reduce((total, { width }) => total + width, 0);
  return { ...chosen, sides, output: { ...chosen.output, width: widths?.[count] ?? sum ?? chosen.output.width } };
}
