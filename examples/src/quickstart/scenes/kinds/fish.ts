import { BLACK, mix, oklch, smoothstep, WHITE } from '../colour';
import { dome, type Kind, put } from '../thing';

/** Scales in rows, a pale belly, an eye, a forked tail; with or without bands. */
export const fish: Kind = (random) => {
  const hue = random.next();
  const back = oklch(random.uniform(0.45, 0.65), 0.14, hue);
  const belly = oklch(0.88, 0.06, hue + random.uniform(-0.15, 0.15));
  const band = oklch(random.uniform(0.3, 0.9), 0.12, hue + 0.4);
  const bands = random.next() < 0.4 ? random.integer(2, 4) : 0;
  const height = random.uniform(0.42, 0.58);
  const finesse = random.uniform(5, 7);
  return (x, y, colour) => {
    if (x > 0.45) {
      const along = (x - 0.45) / 0.5;
      const half = 0.1 + 0.42 * along;
      if (along < 1 - 0.35 * (1 - Math.abs(y) / half) && Math.abs(y) < half) {
        const ray = 0.5 + 0.5 * Math.sin((y / half) * 22);
        put(colour, mix(back, belly, 0.25 + 0.4 * ray * along));
        return 0.16 + 0.03 * ray;
      }
      if (x > 0.62) return -1;
    }
    const t = (x + 0.95) / 1.57;
    const half = t > 0 && t < 1 ? height * Math.sin(Math.PI * t ** 0.8) ** 0.75 : 0;
    const fin = height + 0.22 * Math.sin(Math.PI * (x + 0.45) * 1.25);
    if (Math.abs(y) >= half) {
      if (y < 0 && x > -0.4 && x < 0.35 && y > -fin) {
        put(colour, mix(back, band, 0.3 + 0.3 * Math.sin(x * 40 + y * 12)));
        return 0.12;
      }
      return -1;
    }
    const row = Math.floor(y * finesse);
    const cell = x * finesse + (row & 1) * 0.5;
    const arc = Math.hypot(cell - Math.floor(cell) - 0.2, y * finesse - row - 0.5);
    let skin = mix(back, belly, smoothstep(-0.1, 1, y / height));
    if (bands) skin = mix(skin, band, smoothstep(0.2, 0.5, Math.sin(x * Math.PI * bands * 1.6)) * 0.85);
    if (x > -0.75) skin = mix(skin, BLACK, 0.75 * smoothstep(0.45, 0.7, arc));
    const eye = Math.hypot(x + 0.6, y + 0.08);
    if (eye < 0.17) skin = eye < 0.09 ? BLACK : WHITE;
    put(colour, skin);
    return 0.15 + 0.75 * dome((y / half) ** 2 * 0.98) * Math.sqrt(half);
  };
};
