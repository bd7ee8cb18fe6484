import { BLACK, mix, oklch, smoothstep } from '../colour';
import { type Kind, put } from '../thing';

/** A pointed blade with a midrib and side veins, smooth or toothed, green to autumnal. */
export const leaf: Kind = (random) => {
  const hue = random.uniform(0.1, 0.42);
  const blade = oklch(random.uniform(0.5, 0.72), 0.13, hue);
  const tip = oklch(random.uniform(0.45, 0.7), 0.14, hue - random.uniform(0, 0.1));
  const vein = oklch(0.87, 0.08, hue);
  const width = random.uniform(0.4, 0.62);
  const teeth = random.next() < 0.5 ? random.integer(7, 11) : 0;
  const veins = random.uniform(4, 6);
  return (x, y, colour) => {
    const t = (x + 0.95) / 1.7;
    const side = Math.abs(y);
    if (t >= 1) {
      if (x > 1 || side > 0.045) return -1;
      put(colour, mix(vein, BLACK, 0.3));
      return 0.1;
    }
    if (t <= 0) return -1;
    const saw = teeth ? 1 - 0.13 * (1 - ((((t * teeth) % 1) + 1) % 1)) : 1;
    const half = width * Math.sin(Math.PI * t ** 1.25) * saw;
    if (side >= half) return -1;
    const phase = ((((x + side * 0.9) * veins) % 1) + 1) % 1;
    const ribbed = side < 0.035 ? 1 : phase < 0.16 ? 0.7 : 0;
    put(colour, mix(mix(tip, blade, smoothstep(0, 0.7, t)), vein, ribbed));
    return 0.22 + 0.25 * (side / half) * (1 - side / half) + 0.06 * Math.sin(phase * Math.PI);
  };
};
