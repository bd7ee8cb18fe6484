/** A step of the ladder: masks of every test scene, scored against the exact ones. */
export interface Rung {
  readonly slug: string;
  readonly name: string;
  /** Whether it is told which things are in the scene, as pseudo labels are. */
  readonly labels: boolean;
}

/** From labels to masks, each step on top of the one before. */
export const PSEUDO_RUNGS = [
  { slug: 'cam', name: 'CAM', labels: true },
  { slug: 'isCam', name: 'IS-CAM', labels: true },
  { slug: 'walk', name: '+ walk', labels: true },
  { slug: 'walkCrf', name: '+ CRF', labels: true },
] as const satisfies readonly Rung[];

/** What a segmentation network makes of the photo, and with the labels. */
export const NETWORK_RUNGS = [
  { slug: 'network', name: 'network', labels: false },
  { slug: 'gated', name: 'network + gate', labels: false },
  { slug: 'gatedCrf', name: 'network + gate + CRF', labels: false },
  { slug: 'relabelled', name: 'network + labels', labels: true },
  { slug: 'relabelledCrf', name: 'network + labels + CRF', labels: true },
] as const satisfies readonly Rung[];

/** The same network, taught by exact masks: how far labels could lead. */
export const BOUND_RUNGS = [
  { slug: 'bound', name: 'network of exact masks', labels: false },
  { slug: 'boundGated', name: '  + gate', labels: false },
  { slug: 'boundGatedCrf', name: '  + gate + CRF', labels: false },
] as const satisfies readonly Rung[];

export const RUNGS = [...PSEUDO_RUNGS, ...NETWORK_RUNGS, ...BOUND_RUNGS] as const;

type SlugOf<R extends readonly Rung[]> = R[number]['slug'];
export type PseudoSlug = SlugOf<typeof PSEUDO_RUNGS>;
export type NetworkSlug = SlugOf<typeof NETWORK_RUNGS>;
export type BoundSlug = SlugOf<typeof BOUND_RUNGS>;
export type RungSlug = SlugOf<typeof RUNGS>;
