import { type HostTensor, hostTensor, type Random } from '@wsss/core';
import { type Canvas, draw, type Place } from './canvas';
import { CLUTTER, COVER } from './clutter';
import { GROUNDS } from './ground';
import { KINDS } from './kinds';
import type { Kind } from './thing';

/** The names of the classes; class `i + 1` of a mask is `CLASSES[i]`. */
export const CLASSES: readonly string[] = Object.keys(KINDS);

/** A photo of things on cluttered ground, with what is known about it. */
export interface Scene {
  readonly id: string;
  /** RGB, `[size, size, 3]`. */
  readonly image: HostTensor<Uint8Array>;
  /** The classes that can be seen: all that training may know. */
  readonly labels: readonly string[];
  /** The exact class of every pixel, `[size, size]`, 0 for background. Only for scoring. */
  readonly mask: HostTensor<Uint8Array>;
}

/** A thing that shows less than this share of itself, or of the photo, is no label. */
const VISIBLE = 0.45;
const SMALLEST = 0.012;

/**
 * Draws a scene: ground, clutter, then 1 to 3 classes with one or two things each, which may hide one another,
 * and grass and twigs on top. Equal random numbers give equal scenes.
 */
export function scene(random: Random, { id, size }: { id: string; size: number }): Scene {
  for (let attempt = 0; ; attempt++) {
    const drawn = attemptScene(random.fork(attempt), id, size);
    if (drawn) return drawn;
  }
}

function attemptScene(random: Random, id: string, size: number): Scene | undefined {
  const angle = random.uniform(0, 2 * Math.PI);
  const canvas: Canvas = {
    size,
    colour: new Float32Array(size * size * 3),
    owner: new Uint8Array(size * size),
    light: [Math.cos(angle), Math.sin(angle)],
  };
  fillGround(canvas, random);
  scatter(canvas, random, CLUTTER, random.integer(4, 9), [0.04, 0.15]);

  const kinds = random.shuffle(Object.keys(KINDS)).slice(0, [1, 1, 2, 2, 3][random.integer(0, 4)]);
  const things = kinds.flatMap(
    (name) => Array(kinds.length < 3 && random.next() < 0.25 ? 2 : 1).fill(name) as string[],
  );
  const largest = [0.44, 0.36, 0.3, 0.26][things.length - 1]!;
  const owners = things.map((name, i) => {
    const place = somewhere(random, size, random.uniform(largest * 0.6, largest));
    return { name, owner: i + 1, whole: draw(canvas, KINDS[name]!(random), place, i + 1) };
  });
  scatter(canvas, random, COVER, random.integer(0, 3), [0.15, 0.35]);

  const seen = new Uint32Array(things.length + 1);
  for (const owner of canvas.owner) seen[owner]!++;
  if (owners.some(({ owner, whole }) => seen[owner]! < Math.max(VISIBLE * whole, SMALLEST * size * size))) return;

  const classOf = [0, ...owners.map(({ name }) => CLASSES.indexOf(name) + 1)];
  return {
    id,
    image: hostTensor(develop(canvas, random), [size, size, 3]),
    labels: CLASSES.filter((name) => things.includes(name)),
    mask: hostTensor(
      canvas.owner.map((owner) => classOf[owner]!),
      [size, size],
    ),
  };
}

function fillGround(canvas: Canvas, random: Random): void {
  const ground = GROUNDS[random.integer(0, GROUNDS.length - 1)]!(random);
  const { size } = canvas;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const [r, g, b] = ground((x + 0.5) / size, (y + 0.5) / size);
      const at = (y * size + x) * 3;
      canvas.colour[at] = r;
      canvas.colour[at + 1] = g;
      canvas.colour[at + 2] = b;
    }
  }
}

function scatter(
  canvas: Canvas,
  random: Random,
  kinds: readonly Kind[],
  count: number,
  radii: readonly [number, number],
): void {
  for (let i = 0; i < count; i++) {
    const kind = kinds[random.integer(0, kinds.length - 1)]!;
    const place = somewhere(random, canvas.size, random.uniform(...radii), -0.05);
    draw(canvas, kind(random), place, 0);
  }
}

/** A place whose centre keeps `margin` of the size (by default half the radius) from the border. */
function somewhere(random: Random, size: number, radius: number, margin = 0.7 * radius): Place {
  return {
    x: random.uniform(margin, 1 - margin) * size,
    y: random.uniform(margin, 1 - margin) * size,
    radius: radius * size,
    angle: random.uniform(0, 2 * Math.PI),
    mirrored: random.next() < 0.5,
  };
}

/** Exposure, a darker rim and the noise of a sensor; to bytes. */
function develop({ colour, size }: Canvas, random: Random): Uint8Array {
  const exposure = random.uniform(0.85, 1.12);
  const bytes = new Uint8Array(colour.length);
  for (let i = 0; i < colour.length; i++) {
    const pixel = Math.floor(i / 3);
    const x = (pixel % size) / size - 0.5;
    const y = Math.floor(pixel / size) / size - 0.5;
    const vignette = 1 - 0.5 * (x * x + y * y);
    const noise = 0.03 * (random.next() + random.next() - 1);
    bytes[i] = Math.round(255 * Math.min(1, Math.max(0, colour[i]! * exposure * vignette + noise)));
  }
  return bytes;
}
