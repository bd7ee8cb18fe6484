import type { Random } from '@wsss/core';
import { type Colour, mix, oklch, smoothstep } from './colour';
import { octaves, valueNoise } from './noise';

/** The colour of the ground at a point of the photo, 0..1 from left to right and from top to bottom. */
export type Ground = (x: number, y: number) => Colour;

type GroundKind = (random: Random) => Ground;

/** Fine grains in slow dunes. */
const sand: GroundKind = (random) => {
  const light = oklch(random.uniform(0.75, 0.9), random.uniform(0.03, 0.08), random.uniform(0.15, 0.27));
  const dark = mix(light, [0.25, 0.15, 0.1], 0.5);
  const waves = octaves(valueNoise(random.fork('waves')), 3);
  const grain = valueNoise(random.fork('grain'));
  const lean = random.uniform(-1, 1);
  return (x, y) => {
    const ripple = 0.5 + 0.5 * Math.sin((y + lean * x) * 34 + 9 * waves(x * 3, y * 3));
    return mix(light, dark, 0.45 * waves(x * 4, y * 4) + 0.2 * ripple + 0.35 * (grain(x * 90, y * 90) - 0.3));
  };
};

/** A lawn: streaks of many greens. */
const grass: GroundKind = (random) => {
  const hue = random.uniform(0.28, 0.4);
  const light = oklch(random.uniform(0.6, 0.75), 0.13, hue);
  const dark = oklch(0.3, 0.07, hue + 0.05);
  const streaks = octaves(valueNoise(random.fork('streaks')), 2);
  const patches = octaves(valueNoise(random.fork('patches')), 3);
  const turn = random.uniform(-0.5, 0.5);
  return (x, y) => {
    const along = y + turn * x;
    const across = x - turn * y;
    const t = streaks(across * 55 + 5 * patches(x * 8, y * 8), along * 9);
    return mix(dark, light, smoothstep(0.15, 0.85, 0.65 * t + 0.5 * patches(x * 4, y * 4) - 0.1));
  };
};

/** Rippled shallow water with bright caustics. */
const water: GroundKind = (random) => {
  const hue = random.uniform(0.48, 0.68);
  const deep = oklch(random.uniform(0.4, 0.55), 0.09, hue);
  const bright = oklch(0.9, 0.05, hue - 0.05);
  const a = octaves(valueNoise(random.fork('a')), 3);
  const b = octaves(valueNoise(random.fork('b')), 3);
  return (x, y) => {
    const caustic = 1 - Math.abs(a(x * 7, y * 9) + b(x * 5, y * 6) - 1) * 6;
    return mix(mix(deep, bright, 0.35 * a(x * 3, y * 3)), bright, 0.6 * smoothstep(0.2, 1, caustic));
  };
};

/** Planks with grain and gaps. */
const wood: GroundKind = (random) => {
  const light = oklch(random.uniform(0.55, 0.78), 0.08, random.uniform(0.12, 0.2));
  const dark = mix(light, [0.15, 0.07, 0.03], 0.65);
  const grain = octaves(valueNoise(random.fork('grain')), 3);
  const planks = random.integer(3, 5);
  const upright = random.next() < 0.5;
  return (x, y) => {
    const along = upright ? y : x;
    const across = (upright ? x : y) * planks;
    const plank = Math.floor(across);
    const edge = Math.min(across - plank, plank + 1 - across);
    const rings = 0.5 + 0.5 * Math.sin(40 * grain(along * 1.5 + plank * 7, (across - plank) * 2.2 + plank * 13));
    return mix(light, dark, edge < 0.035 ? 0.95 : 0.5 * rings + 0.25 * grain(along * 5, across * 26));
  };
};

/** Woven cloth, checked in two colours. */
const cloth: GroundKind = (random) => {
  const hue = random.next();
  const base = oklch(random.uniform(0.75, 0.92), 0.04, hue);
  const check = oklch(random.uniform(0.4, 0.7), 0.1, hue + random.uniform(-0.2, 0.2));
  const size = random.uniform(4, 8);
  const turn = random.uniform(0, Math.PI);
  const folds = octaves(valueNoise(random.fork('folds')), 2);
  return (x, y) => {
    const u = (x * Math.cos(turn) + y * Math.sin(turn)) * size + 0.4 * folds(x * 3, y * 3);
    const v = (y * Math.cos(turn) - x * Math.sin(turn)) * size;
    const t = ((u - Math.floor(u) < 0.5 ? 1 : 0) + (v - Math.floor(v) < 0.5 ? 1 : 0)) / 2;
    const weave = 0.12 * Math.sin(u * 34) * Math.sin(v * 34);
    return mix(mix(base, check, t), [0.1, 0.1, 0.15], Math.max(0, 0.35 * folds(x * 3, y * 3) + weave - 0.05));
  };
};

/** Kinds of ground. */
export const GROUNDS: readonly GroundKind[] = [sand, grass, water, wood, cloth];
