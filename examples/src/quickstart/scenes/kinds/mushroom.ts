import { BLACK, mix, oklch, smoothstep, WHITE } from '../colour';
import { octaves, valueNoise } from '../noise';
import { dome, type Kind, put } from '../thing';

/** A cap with pale warts over gills and a stem. */
export const mushroom: Kind = (random) => {
  const hue = random.uniform(0.02, 0.2) - (random.next() < 0.2 ? 0.2 : 0);
  const cap = oklch(random.uniform(0.45, 0.62), 0.16, hue);
  const stem = oklch(random.uniform(0.82, 0.92), 0.035, 0.24);
  const tall = random.uniform(0.7, 1.0);
  const stout = random.uniform(0.17, 0.3);
  const warts = Array.from({ length: random.integer(7, 12) }, () => ({
    x: random.uniform(-0.85, 0.85),
    y: random.uniform(-0.85, -0.12),
    r: random.uniform(0.07, 0.15),
  }));
  const grain = octaves(valueNoise(random.fork('grain')), 2);
  return (x, y, colour) => {
    const top = (x / 0.92) ** 2 + ((y + 0.02) / 0.85) ** 2;
    const rim = 0.02 + 0.1 * (1 - (x / 0.92) ** 2);
    if (y < rim && top < 1) {
      let skin = mix(cap, BLACK, 0.25 * grain(x * 6, y * 6));
      for (const wart of warts) {
        const q = Math.hypot((x - wart.x) / (1.15 - 0.5 * Math.abs(wart.x)), y - wart.y) / wart.r;
        if (q < 1) skin = WHITE;
      }
      put(colour, skin);
      return 0.25 + 0.75 * dome(top);
    }
    const gills = (x / 0.8) ** 2 + ((y - 0.06) / 0.17) ** 2;
    const half = stout * (1 + 0.45 * smoothstep(0.3, 1, y)) * (1 + 0.1 * Math.sin(y * 9));
    if (Math.abs(x) < half && y > 0 && y < tall * 0.97 - 0.25 * (x / half) ** 2 * 0.3) {
      put(colour, mix(stem, BLACK, 0.22 * grain(x * 18, y * 3) + 0.25 * (1 - smoothstep(0.1, 0.35, y))));
      return 0.15 + 0.4 * dome((x / half) ** 2);
    }
    if (gills < 1 && y > 0) {
      put(colour, mix(stem, BLACK, 0.35 + 0.35 * Math.sin((x / (0.25 + y)) * 16)));
      return 0.12;
    }
    return -1;
  };
};
