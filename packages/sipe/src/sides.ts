import { ValueError } from '@wsss/core';
import type { Backbone } from '@wsss/core/tensor';

/** The side branches of the released ResNet-50: taps, shallow to deep, and the channels that each gives. */
export const RESNET_SIDES = { layer1: 128, layer2: 128, layer3: 256, layer4: 256 } as const;

/** Side branches for MobileNetV2, small enough for machines without a GPU. */
export const MOBILENET_SIDES = { 'features.3': 32, 'features.6': 32, 'features.13': 64, 'features.18': 128 } as const;

/** The side branches asked for, or those for a network with these taps. */
export function chooseSides(
  where: string,
  backbone: Backbone,
  sides: Readonly<Record<string, number>> | undefined,
): (readonly [tap: string, channels: number])[] {
  const known = Object.keys(backbone.taps);
  const fits = (preset: Readonly<Record<string, number>>) => Object.keys(preset).every((tap) => known.includes(tap));
  const chosen = sides ?? [RESNET_SIDES, MOBILENET_SIDES].find(fits);
  const hint = `The network has ${known.join(', ')}.`;
  if (!chosen) throw new ValueError(where, 'sides', 'to say which taps get a side branch', sides, hint);
  const list = Object.entries(chosen);
  if (list.length === 0) throw new ValueError(where, 'sides', 'to name at least one tap', sides, hint);
  for (const [tap, channels] of list) {
    if (!known.includes(tap)) throw new ValueError(where, 'sides', 'to name taps of the network', tap, hint);
    if (!(Number.isSafeInteger(channels) && channels > 0)) {
      throw new ValueError(where, `sides['${tap}']`, 'to be a number of channels', channels);
    }
  }
  return list;
}
