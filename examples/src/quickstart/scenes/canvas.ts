import type { Thing } from './thing';

/** Where a thing lies: centre and radius in pixels, turned by `angle`, and whether it is mirrored. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  readonly angle: number;
  readonly mirrored: boolean;
}

/** A square photo in the making: colours in 0..1, and for every pixel the thing on top. */
export interface Canvas {
  readonly size: number;
  readonly colour: Float32Array;
  /** 0 where the ground or clutter shows. */
  readonly owner: Uint8Array;
  /** Direction of the light in the photo, a unit vector. */
  readonly light: readonly [number, number];
}

const SAMPLES = 2;

/**
 * Draws a thing on top: lit by its surface's slope, with a shadow on what lies below, its edge smoothed over
 * `SAMPLES`² samples a pixel. A pixel becomes `owner`'s where at least half of its samples are inside.
 *
 * @returns how many pixels became `owner`'s.
 */
export function draw(canvas: Canvas, thing: Thing, place: Place, owner: number): number {
  const { size } = canvas;
  const left = Math.max(0, Math.floor(place.x - place.radius));
  const top = Math.max(0, Math.floor(place.y - place.radius));
  const width = Math.min(size, Math.ceil(place.x + place.radius) + 1) - left;
  const height = Math.min(size, Math.ceil(place.y + place.radius) + 1) - top;
  if (width <= 0 || height <= 0) return 0;
  const sheet = sample(thing, place, left, top, width * SAMPLES, height * SAMPLES);
  shade(canvas, place, left, top, width, height, sheet.surface);
  return paint(canvas, left, top, width, height, sheet, owner, place.radius);
}

interface Sheet {
  readonly surface: Float32Array;
  readonly colour: Float32Array;
}

/** The thing's surface and colour at every sample of a box. */
function sample(thing: Thing, place: Place, left: number, top: number, columns: number, rows: number): Sheet {
  const surface = new Float32Array(columns * rows);
  const colour = new Float32Array(columns * rows * 3);
  const at = new Float64Array(3);
  const cos = Math.cos(place.angle) / place.radius;
  const sin = Math.sin(place.angle) / place.radius;
  for (let row = 0, i = 0; row < rows; row++) {
    const dy = top + (row + 0.5) / SAMPLES - place.y;
    for (let column = 0; column < columns; column++, i++) {
      const dx = left + (column + 0.5) / SAMPLES - place.x;
      const u = cos * dx + sin * dy;
      const v = cos * dy - sin * dx;
      surface[i] = u * u + v * v < 1 ? thing(place.mirrored ? -u : u, v, at) : -1;
      if (surface[i]! < 0) continue;
      colour[i * 3] = at[0]!;
      colour[i * 3 + 1] = at[1]!;
      colour[i * 3 + 2] = at[2]!;
    }
  }
  return { surface, colour };
}

/** Darkens what lies below, shifted away from the light and blurred. */
function shade(
  canvas: Canvas,
  place: Place,
  left: number,
  top: number,
  width: number,
  height: number,
  surface: Float32Array,
): void {
  const blur = Math.max(1, Math.round(place.radius * 0.12));
  const margin = 2 * blur;
  const columns = width + 2 * margin;
  const rows = height + 2 * margin;
  let shadow: Float32Array = new Float32Array(columns * rows);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (surface[y * SAMPLES * width * SAMPLES + x * SAMPLES]! >= 0) shadow[(y + margin) * columns + x + margin] = 1;
    }
  }
  shadow = boxBlur(boxBlur(shadow, columns, rows, blur, 1), columns, rows, blur, columns);
  const shiftX = Math.round(left - margin - canvas.light[0] * place.radius * 0.14);
  const shiftY = Math.round(top - margin - canvas.light[1] * place.radius * 0.14);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const px = x + shiftX;
      const py = y + shiftY;
      if (px < 0 || py < 0 || px >= canvas.size || py >= canvas.size) continue;
      const rest = 1 - 0.5 * shadow[y * columns + x]!;
      for (let c = 0; c < 3; c++) canvas.colour[(py * canvas.size + px) * 3 + c]! *= rest;
    }
  }
}

/** The mean over 2·radius + 1 neighbours along one axis; beyond the box there is nothing. */
function boxBlur(values: Float32Array, columns: number, rows: number, radius: number, step: number): Float32Array {
  const out = new Float32Array(values.length);
  const length = step === 1 ? columns : rows;
  const lines = step === 1 ? rows : columns;
  const stride = step === 1 ? columns : 1;
  for (let line = 0; line < lines; line++) {
    let sum = 0;
    for (let i = -radius; i < length; i++) {
      if (i + radius < length) sum += values[line * stride + (i + radius) * step]!;
      if (i - radius - 1 >= 0) sum -= values[line * stride + (i - radius - 1) * step]!;
      if (i >= 0) out[line * stride + i * step] = sum / (2 * radius + 1);
    }
  }
  return out;
}

function paint(
  canvas: Canvas,
  left: number,
  top: number,
  width: number,
  height: number,
  { surface, colour }: Sheet,
  owner: number,
  radius: number,
): number {
  const columns = width * SAMPLES;
  const rows = height * SAMPLES;
  // How far a surface rises over one sample is a slope only in units of the thing's own size.
  const steep = radius * SAMPLES * 0.5;
  const sum = new Float64Array(3);
  let owned = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      sum.fill(0);
      let inside = 0;
      for (let s = 0; s < SAMPLES * SAMPLES; s++) {
        const sx = x * SAMPLES + (s % SAMPLES);
        const sy = y * SAMPLES + Math.floor(s / SAMPLES);
        const i = sy * columns + sx;
        if (surface[i]! < 0) continue;
        const facing = facingLight(surface, columns, rows, sx, sy, steep, canvas.light);
        const diffuse = 0.55 + 0.62 * facing;
        const gloss = 0.5 * facing ** 24;
        for (let c = 0; c < 3; c++) sum[c]! += Math.min(1, colour[i * 3 + c]! * diffuse + gloss);
        inside++;
      }
      if (!inside) continue;
      const pixel = (top + y) * canvas.size + left + x;
      const share = inside / (SAMPLES * SAMPLES);
      for (let c = 0; c < 3; c++) {
        const below = canvas.colour[pixel * 3 + c]!;
        canvas.colour[pixel * 3 + c] = below * (1 - share) + (sum[c]! / inside) * share;
      }
      if (share >= 0.5) {
        canvas.owner[pixel] = owner;
        owned++;
      }
    }
  }
  return owned;
}

/** How much a sample of the surface faces the light, 0 or more; flat ground by the rim of a thing. */
function facingLight(
  surface: Float32Array,
  columns: number,
  rows: number,
  x: number,
  y: number,
  steep: number,
  towards: readonly [number, number],
): number {
  const i = y * columns + x;
  const here = surface[i]!;
  const right = x + 1 < columns ? surface[i + 1]! : -1;
  const left = x > 0 ? surface[i - 1]! : -1;
  const below = y + 1 < rows ? surface[i + columns]! : -1;
  const above = y > 0 ? surface[i - columns]! : -1;
  const dx = ((right < 0 ? here : right) - (left < 0 ? here : left)) * steep;
  const dy = ((below < 0 ? here : below) - (above < 0 ? here : above)) * steep;
  const facing = -(dx * towards[0] + dy * towards[1]) * 0.75 + 0.66;
  return Math.max(0, facing / Math.sqrt(dx * dx + dy * dy + 1));
}
