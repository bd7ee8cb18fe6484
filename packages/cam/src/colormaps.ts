/** A colour of a map: a value in [0, 1] to red, green and blue in 0..255. */
export type Colormap = (value: number) => readonly [number, number, number];

/** Blue, cyan, yellow, red: each channel a trapezoid. */
const jet: Colormap = (value) => {
  const channel = (centre: number) => 255 * Math.min(1, Math.max(0, 1.5 - Math.abs(4 * value - centre)));
  return [channel(3), channel(2), channel(1)];
};

/** Matplotlib's maps of even lightness, every eighth of the way, joined by lines. */
const viridis = along('440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725');
const inferno = along('000004 210c4a 57106e 8a226a bc3754 e45a31 f98e09 f9cb35 fcffa4');

const gray: Colormap = (value) => [255 * value, 255 * value, 255 * value];

/** The colour maps that {@link overlay} knows by name. */
export const colormaps = { jet, viridis, inferno, gray } as const;

export type ColormapName = keyof typeof colormaps;

function along(colours: string): Colormap {
  const stops = colours.split(' ').map((hex) => [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)));
  return (value) => {
    const place = value * (stops.length - 1);
    const index = Math.min(Math.floor(place), stops.length - 2);
    const [from, to] = [stops[index]!, stops[index + 1]!];
    const mixed = (c: number) => from[c]! + (place - index) * (to[c]! - from[c]!);
    return [mixed(0), mixed(1), mixed(2)];
  };
}
