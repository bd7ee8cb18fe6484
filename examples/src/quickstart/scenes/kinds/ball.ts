import { oklch, WHITE } from '../colour';
import { type Kind, put } from '../thing';

/** A beach ball: coloured and white gores that meet at a pole, somewhere on the sphere. */
export const ball: Kind = (random) => {
  const hue = random.next();
  const gores = random.integer(3, 4) * 2;
  const colours = Array.from({ length: gores }, (_, i) =>
    i % 2 ? WHITE : oklch(random.uniform(0.55, 0.75), 0.17, hue + i * random.uniform(0.08, 0.2)),
  );
  const turn = random.uniform(0, 2 * Math.PI);
  const tilt = random.uniform(0.15, 1.1);
  return (x, y, colour) => {
    const q = (x * x + y * y) / 0.81;
    if (q >= 1) return -1;
    const px = x / 0.9;
    const py = y / 0.9;
    const z = Math.sqrt(1 - q);
    // The sphere turned about the x axis: where on it do we look?
    const up = py * Math.cos(tilt) - z * Math.sin(tilt);
    const front = py * Math.sin(tilt) + z * Math.cos(tilt);
    const angle = (Math.atan2(up, px) + turn + 4 * Math.PI) / (2 * Math.PI);
    put(colour, Math.abs(front) > 0.97 ? WHITE : colours[Math.floor((angle % 1) * gores)]!);
    return 0.1 + 0.9 * z;
  };
};
