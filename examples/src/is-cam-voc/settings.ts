import { SETTINGS } from '../voc/settings';

/** A choice of taps, and of sizes at which a photo is seen. */
export interface Choice {
  readonly scales: readonly number[];
  readonly structure: readonly string[];
  readonly prototype: readonly string[];
}

/** `choice('13', '13+18')`: taps by their number in MobileNetV2. */
function choice(structure: string, prototype: string, scales: readonly number[] = [1]): Choice {
  const taps = (numbers: string) => numbers.split('+').map((number) => `features.${number}`);
  return { scales, structure: taps(structure), prototype: taps(prototype) };
}

/** Each with all factors of the background. */
export const IS_CAM_VOC = {
  ...SETTINGS,
  factors: [0.8, 0.85, 0.9, 1],
  tried: [
    choice('13', '13+18', [0.5, 1]),
    choice('13', '6+13+18', [0.5, 1]),
    choice('14', '6+14', [0.5, 1]),
    choice('13', '13+18'),
    choice('13', '13+17'),
    choice('13', '6+13+17'),
    choice('13', '6+13+18'),
    choice('13+14', '6+14+18'),
    choice('13+14', '6+14'),
    choice('14', '6+14'),
    choice('14', '6+14', [0.75, 1.25]),
  ],
} as const;
