/** A step of the ladder: masks of every photo, scored against the true ones. */
export interface Rung {
  readonly slug: string;
  readonly name: string;
  /** Whether it is told the image-level labels of the photo, as pseudo labels are. A network of its own right is not. */
  readonly labels: boolean;
  /** Only with `--bound`: it learned from true masks. */
  readonly bound?: true;
}

/** From the first maps to the labels of the trained network. */
export const RUNGS = [
  { slug: 'cam', name: 'CAM', labels: true },
  { slug: 'is-cam', name: 'IS-CAM', labels: true },
  { slug: 'is-cam-crf', name: 'IS-CAM + CRF', labels: true },
  { slug: 'walk', name: '+ walk with AffinityNet', labels: true },
  { slug: 'walk-crf', name: '+ CRF', labels: true },
  { slug: 'network', name: 'segmentation network', labels: false },
  { slug: 'network-gated', name: '+ gate by the classifier', labels: false },
  { slug: 'network-gated-crf', name: '+ CRF', labels: false },
  { slug: 'relabelled', name: 'network and image labels', labels: true },
  { slug: 'relabelled-crf', name: '+ CRF', labels: true },
  { slug: 'bound', name: 'network of true masks', labels: false, bound: true },
  { slug: 'bound-gated', name: '+ gate by the classifier', labels: false, bound: true },
  { slug: 'bound-gated-crf', name: '+ CRF', labels: false, bound: true },
] as const satisfies readonly Rung[];

export type RungSlug = (typeof RUNGS)[number]['slug'];

/** Those of a run: without the bound, unless it is wanted. */
export const rungsOf = (bound: boolean): readonly ((typeof RUNGS)[number] & Rung)[] =>
  RUNGS.filter((rung: Rung) => bound || !rung.bound);
