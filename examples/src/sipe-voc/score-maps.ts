import { argmaxLabels, type FeatureFunction, type Features, type HostTensor, hostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { classifierView, type ImageView, multiScaleIsCam, type ViewFunction } from '@wsss/sipe';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
import { seenOnce } from '../voc/seen-once';
import { CLASSES } from '../voc/settings';
import { withSides } from './sides';

/** One way to make image-specific maps of the same features. */
export interface MapVariant {
  readonly tap: string;
  readonly weights: HostTensor;
  readonly sides: Readonly<Record<string, HostTensor>>;
  readonly structure: readonly string[];
  readonly prototype: readonly string[];
  readonly scales: readonly number[];
  /** All are tried. */
  readonly factors: readonly number[];
}

/**
 * Scores several ways to make maps on the same photos; what the backbone sees of a photo is computed once.
 *
 * @returns For each variant, and each of its factors.
 */
export async function scoreMaps(
  label: string,
  features: FeatureFunction,
  { ids, get }: Split,
  variants: readonly MapVariant[],
): Promise<ConfusionMatrix[][]> {
  const matrices = variants.map(({ factors }) =>
    factors.map(() => new ConfusionMatrix({ classes: CLASSES.length + 1 })),
  );
  for (const id of tracked(label, ids)) {
    const { image, classes, truth } = await get(id);
    const seen = seenOnce(features);
    const none = hostTensor(new Uint8Array(truth.values.length), truth.shape);
    for (const [v, { tap, weights, sides, structure, prototype, scales, factors }] of variants.entries()) {
      const view = classifierView({ features: withSides(seen, sides), tap, weights }, { structure, prototype });
      const looks: ImageView[] = [];
      for (const [f, backgroundFactor] of factors.entries()) {
        const maps = classes.length
          ? await multiScaleIsCam(again(view, looks), image, { classes, scales, backgroundFactor })
          : undefined;
        await matrices[v]![f]!.update(maps ? await argmaxLabels(maps, { classes }) : none, truth);
      }
    }
  }
  return matrices;
}

/** Sees the same images in the same order as before: the nth look gives what the nth look gave then. */
function again(view: ViewFunction, looks: ImageView[]): ViewFunction {
  let look = 0;
  return async (image) => {
    const n = look++;
    looks[n] ??= await view(image);
    return looks[n];
  };
}

/** Copies of tensors on the host; the tensors are disposed. */
export async function onHost(features: Features): Promise<Record<string, HostTensor>> {
  const kept: Record<string, HostTensor> = {};
  for (const [tap, seen] of Object.entries(features)) {
    kept[tap] = hostTensor((await seen.data()).slice() as Float32Array, seen.shape);
    (seen as { dispose?(): void }).dispose?.();
  }
  return kept;
}
