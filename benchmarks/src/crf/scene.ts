import { random } from '@wsss/core';

/** A picture as smooth and as rough as photos are: blobs of colour, finer ones on top, and noise. */
export function drawImage(height: number, width: number): Uint8Array {
  const stream = random(11);
  const image = new Float32Array(height * width * 3).fill(128);
  for (const [count, radius, strength] of [
    [14, 0.3, 70],
    [60, 0.1, 45],
    [300, 0.03, 30],
  ] as const) {
    for (let blob = 0; blob < count; blob++) {
      const [cx, cy, r] = [stream.next() * width, stream.next() * height, radius * width * (0.5 + stream.next())];
      const colour = [0, 1, 2].map(() => strength * stream.normal());
      for (let y = Math.max(0, Math.ceil(cy - r)); y < Math.min(height, cy + r); y++) {
        for (let x = Math.max(0, Math.ceil(cx - r)); x < Math.min(width, cx + r); x++) {
          const far = ((x - cx) ** 2 + (y - cy) ** 2) / r ** 2;
          if (far < 1) for (let c = 0; c < 3; c++) image[(y * width + x) * 3 + c]! += colour[c]! * (1 - far);
        }
      }
    }
  }
  return Uint8Array.from(image, (v) => Math.min(255, Math.max(0, v + 3 * stream.normal())));
}

/** Scores as a network gives them: one smooth bump per class, some noise, sums of one. */
export function drawScores(height: number, width: number, classes: number): Float32Array {
  const stream = random(classes);
  const scores = new Float32Array(height * width * classes);
  for (let i = 0; i < height * width; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    let sum = 0;
    for (let c = 0; c < classes; c++) {
      const [cx, cy] = [((c + 0.5) / classes) * width, height * (0.3 + 0.08 * ((c * 7) % 5))];
      const bump = Math.exp(-((x - cx) ** 2 + (y - cy) ** 2) / (2 * (width / 6) ** 2));
      sum += scores[i * classes + c] = bump + 0.05 + 0.1 * stream.next();
    }
    for (let c = 0; c < classes; c++) scores[i * classes + c]! /= sum;
  }
  return scores;
}
