/** What a run is going to hold, as far as it is known beforehand. */
export interface Plan {
  readonly points: number;
  readonly classes: number;
  /** The number of features of each term's lattice, and whether it has still to be built. */
  readonly terms: readonly { readonly dimensions: number; readonly built: boolean }[];
}

/**
 * Bytes that a mean field needs at least, in the WebAssembly module: slots and weights of the lattices, scores and
 * distribution, normalisation. How many vertices the lattices will have, nobody knows yet.
 */
export function memoryNeed({ points, classes, terms }: Plan): number {
  const lattices = terms.reduce((sum, { dimensions, built }) => sum + (built ? 0 : latticeNeed(points, dimensions)), 0);
  const width = classes === 2 ? 1 : Math.ceil(classes / 4) * 4;
  const field = points * 4 * (2 * width + terms.length);
  // Between the module and the caller, at the start and at the end.
  const exchange = points * classes * 4;
  return lattices + field + exchange;
}

/** Bytes of a lattice's two tables of corners. */
export const latticeNeed = (points: number, dimensions: number): number => points * (dimensions + 1) * 8;
