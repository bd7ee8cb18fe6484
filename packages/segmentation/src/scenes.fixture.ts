import { type HostTensor, hostTensor, IGNORE, random } from '@wsss/core';

/** A photo and its mask, for tests: on a grey ground a red disc (class 1) or a blue square (class 2), or both. */
export function scene(seed: number, side = 48): { image: HostTensor<Uint8Array>; labels: HostTensor<Uint8Array> } {
  const stream = random(seed).fork('scene');
  const image = new Uint8Array(side * side * 3);
  const labels = new Uint8Array(side * side);
  const noise = () => stream.integer(-20, 20);
  const things = [1, 2].filter(() => stream.next() < 0.7);
  const places = things.map(() => [stream.uniform(0.25, 0.75) * side, stream.uniform(0.25, 0.75) * side] as const);
  const radius = side / 5;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      let colour = [120, 120, 120];
      let label = 0;
      for (const [t, thing] of things.entries()) {
        const [dy, dx] = [Math.abs(y - places[t]![0]), Math.abs(x - places[t]![1])];
        if (thing === 1 ? Math.hypot(dy, dx) > radius : Math.max(dy, dx) > radius) continue;
        colour = thing === 1 ? [210, 60, 50] : [50, 70, 200];
        label = thing;
      }
      const at = y * side + x;
      labels[at] = label;
      for (let c = 0; c < 3; c++) image[3 * at + c] = colour[c]! + noise();
    }
  }
  labels[0] = IGNORE;
  return { image: hostTensor(image, [side, side, 3]), labels: hostTensor(labels, [side, side]) };
}
