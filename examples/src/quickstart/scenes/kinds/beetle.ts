import { BLACK, type Colour, oklch, WHITE } from '../colour';
import { dome, type Kind, put } from '../thing';

/** Spotted wing cases with a seam, a dark head, six legs. */
export const beetle: Kind = (random) => {
  const wings = oklch(
    random.uniform(0.5, 0.75),
    0.19,
    random.next() < 0.75 ? random.uniform(0.03, 0.25) : random.next(),
  );
  const pale = random.next() < 0.2;
  const spot = pale ? WHITE : BLACK;
  const spots = Array.from({ length: random.integer(3, 5) }, (_, i) => ({
    x: random.uniform(0.18, 0.45),
    y: -0.42 + i * 0.27 + random.uniform(-0.06, 0.06),
    r: random.uniform(0.09, 0.14),
  }));
  const broad = random.uniform(0.6, 0.72);
  return (x, y, colour) => {
    const side = Math.abs(x);
    const back = (x / broad) ** 2 + ((y - 0.1) / 0.76) ** 2;
    if (back < 1 && y > -0.5) {
      let skin: Colour = side < 0.03 ? BLACK : wings;
      for (const { x: sx, y: sy, r } of spots) if (Math.hypot(side - sx, y - sy - 0.1) < r) skin = spot;
      put(colour, skin);
      return 0.3 + 0.7 * dome(back);
    }
    const head = (x / 0.36) ** 2 + ((y + 0.6) / 0.3) ** 2;
    if (head < 1) {
      put(colour, Math.hypot(side - 0.2, y + 0.62) < 0.08 ? WHITE : BLACK);
      return 0.2 + 0.35 * dome(head);
    }
    for (const [hip, knee] of [
      [-0.3, -0.55],
      [0.1, 0.08],
      [0.45, 0.72],
    ] as const) {
      const t = (side - 0.45) / 0.5;
      if (t > 0 && t < 1 && Math.abs(y - (hip + (knee - hip) * t)) < 0.055) {
        put(colour, BLACK);
        return 0.1;
      }
    }
    if (y < -0.8 && Math.abs(side - (0.1 + (-0.8 - y) * 0.9)) < 0.04 && y > -1) {
      put(colour, BLACK);
      return 0.1;
    }
    return -1;
  };
};
