import { mix, oklch } from './colour';
import { octaves, valueNoise } from './noise';
import { dome, type Kind, put } from './thing';

/** A rounded, veined stone. */
const stone: Kind = (random) => {
  const tone = oklch(random.uniform(0.4, 0.8), random.uniform(0, 0.05), random.next());
  const grain = octaves(valueNoise(random.fork('grain')), 3);
  const flat = random.uniform(0.5, 0.85);
  return (x, y, colour) => {
    const wobble = 0.75 + 0.35 * grain(x * 1.5 + 9, y * 1.5 + 9);
    const q = (x * x + (y / flat) ** 2) / wobble ** 2;
    if (q >= 1) return -1;
    put(colour, mix(tone, [0.1, 0.1, 0.12], 0.5 * grain(x * 5, y * 5)));
    return 0.6 * dome(q);
  };
};

/** A bent, tapered blade of grass. */
const blade: Kind = (random) => {
  const green = oklch(random.uniform(0.4, 0.7), random.uniform(0.05, 0.14), random.uniform(0.2, 0.42));
  const bend = random.uniform(-0.5, 0.5);
  return (x, y, colour) => {
    const across = y - bend * (1 - x * x) * 0.6;
    const half = 0.08 * (1 - ((x + 1) / 2) ** 2);
    if (Math.abs(x) >= 1 || Math.abs(across) >= half) return -1;
    put(colour, mix(green, [0.95, 0.95, 0.7], 0.25 * (across / half)));
    return 0.1;
  };
};

/** A straight twig with knots. */
const twig: Kind = (random) => {
  const bark = oklch(random.uniform(0.3, 0.55), 0.05, random.uniform(0.1, 0.2));
  const kink = random.uniform(-0.2, 0.2);
  return (x, y, colour) => {
    const across = y - kink * Math.abs(x) - 0.02 * Math.sin(x * 14);
    if (Math.abs(x) >= 1 || Math.abs(across) >= 0.075) return -1;
    put(colour, mix(bark, [0.05, 0.04, 0.03], 0.5 * (Math.sin(x * 37) > 0.8 ? 1 : Math.abs(across) / 0.1)));
    return 0.25 * dome((across / 0.075) ** 2);
  };
};

/** A plain toy block of any colour: triangle, square or hexagon. It has the colours of things, and none of their parts. */
const block: Kind = (random) => {
  const paint = oklch(random.uniform(0.45, 0.8), random.uniform(0.05, 0.17), random.next());
  const sides = [3, 4, 6][random.integer(0, 2)]!;
  return (x, y, colour) => {
    const sector = (2 * Math.PI) / sides;
    const angle = Math.atan2(y, x);
    const edge = (Math.hypot(x, y) * Math.cos(angle - Math.round(angle / sector) * sector)) / Math.cos(Math.PI / sides);
    if (edge >= 0.85) return -1;
    put(colour, paint);
    return 0.3 * Math.min(1, (0.85 - edge) * 6);
  };
};

/** A ring. */
const ring: Kind = (random) => {
  const paint = oklch(random.uniform(0.45, 0.85), random.uniform(0.02, 0.17), random.next());
  return (x, y, colour) => {
    const across = (Math.hypot(x, y) - 0.7) / 0.2;
    if (Math.abs(across) >= 1) return -1;
    put(colour, paint);
    return 0.3 * dome(across * across);
  };
};

/** What lies about: background, and drawn like everything else. */
export const CLUTTER: readonly Kind[] = [stone, stone, blade, twig, block, block, ring];

/** What may lie on top of a thing and hide a part of it. */
export const COVER: readonly Kind[] = [blade, blade, twig];
