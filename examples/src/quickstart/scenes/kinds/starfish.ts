import { BLACK, mix, oklch } from '../colour';
import { octaves, valueNoise } from '../noise';
import { type Kind, put } from '../thing';

/** Five arms with rows of dots. */
export const starfish: Kind = (random) => {
  const hue = random.next() < 0.6 ? random.uniform(0.03, 0.2) : random.uniform(0.6, 0.95);
  const skin = oklch(random.uniform(0.5, 0.7), 0.15, hue);
  const dots = oklch(0.9, 0.06, hue + 0.1);
  const core = random.uniform(0.27, 0.38);
  const sharp = random.uniform(1.6, 2.6);
  const bend = random.uniform(-0.25, 0.25);
  const grain = octaves(valueNoise(random.fork('grain')), 2);
  return (x, y, colour) => {
    const r = Math.hypot(x, y);
    const turns = (Math.atan2(x, -y) + bend * r) / (2 * Math.PI);
    const off = turns * 5 - Math.round(turns * 5);
    const rim = core + (0.97 - core) * (1 - Math.abs(off) * 2) ** sharp;
    if (r >= rim) return -1;
    const across = Math.abs(off) * 2 * Math.PI * 0.2 * r;
    const step = ((r * 8) % 1) - 0.5;
    const dotted = Math.hypot(step, across * 9) < 0.36 || Math.hypot(step, (across - 0.14) * 9) < 0.26;
    put(colour, dotted ? dots : mix(skin, BLACK, 0.35 * grain(x * 12, y * 12)));
    return 0.2 + 0.35 * Math.sqrt(1 - r / rim) + (dotted ? 0.05 : 0);
  };
};
