/** A step of the ladder: masks of every photo, scored against the true ones. */
export interface Rung {
  readonly slug: string;
  readonly name: string;
  /** Under pictures and above columns. */
  readonly short: string;
  /** Whether it is told the image-level labels of the photo, as pseudo labels are. A network of its own right is not. */
  readonly labels: boolean;
  /** Only with `--bound`: it learned from true masks. */
  readonly bound?: true;
}

/** From the first maps to the labels of the trained network. */
export const RUNGS = [
  { slug: 'cam', short: 'CAM', name: 'CAM', labels: true },
  { slug: 'is-cam', short: 'IS-CAM', name: 'IS-CAM', labels: true },
  { slug: 'is-cam-sipe', short: 'IS-CAM, SIPE', name: 'IS-CAM, SIPE-trained', labels: true },
  { slug: 'is-cam-crf', short: 'IS-CAM + CRF', name: '+ CRF', labels: true },
  { slug: 'walk', short: 'walk', name: '+ walk with AffinityNet', labels: true },
  { slug: 'walk-crf', short: 'walk + CRF', name: '+ CRF', labels: true },
  { slug: 'network', short: 'network', name: 'segmentation network', labels: false },
  { slug: 'network-gated', short: 'gated', name: '+ gate by the classifier', labels: false },
  { slug: 'network-gated-crf', short: 'gated + CRF', name: '+ CRF', labels: false },
  { slug: 'relabelled', short: 'told labels', name: 'network and image labels', labels: true },
  { slug: 'relabelled-crf', short: 'told + CRF', name: '+ CRF', labels: true },
  { slug: 'bound', short: 'true masks', name: 'network of true masks', labels: false, bound: true },
  { slug: 'bound-gated', short: 'true, gated', name: '+ gate by the classifier', labels: false, bound: true },
  { slug: 'bound-gated-crf', short: 'true, gated + CRF', name: '+ CRF', labels: false, bound: true },
] as const satisfies readonly Rung[];

export type RungSlug = (typeof RUNGS)[number]['slug'];

/** Those of a run: without the bound, unless it is wanted. */
export const rungsOf = (bound: boolean): readonly ((typeof RUNGS)[number] & Rung)[] =>
  RUNGS.filter((rung: Rung) => bound || !rung.bound);

/** What a rung is called where there is little room. */
export const shortName = (slug: RungSlug): string => RUNGS.find((rung) => rung.slug === slug)!.short;
