import { argmaxLabels, type FeatureFunction, type Features, type HostTensor, hostTensor } from '@wsss/core';
import { ConfusionMatrix } from '@wsss/metrics';
import { classifierView, multiScaleIsCam } from '@wsss/sipe';
import { tracked } from '../shared/tracked';
import type { Split } from '../voc/open-split';
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
  readonly backgroundFactor: number;
}

/** Scores several ways to make maps on the same photos; what the backbone sees of a photo is computed once. */
export async function scoreMaps(
  label: string,
  seen: (id: string) => () => FeatureFunction,
  { ids, get }: Split,
  variants: readonly MapVariant[],
): Promise<ConfusionMatrix[]> {
  const matrices = variants.map(() => new ConfusionMatrix({ classes: CLASSES.length + 1 }));
  for (const id of tracked(label, ids)) {
    const { image, classes, truth } = await get(id);
    const looks = seen(id);
    for (const [i, { tap, weights, sides, structure, prototype, ...options }] of variants.entries()) {
      if (!classes.length) {
        await matrices[i]!.update(hostTensor(new Uint8Array(truth.values.length), truth.shape), truth);
        continue;
      }
      const view = classifierView({ features: withSides(looks(), sides), tap, weights }, { structure, prototype });
      const maps = await multiScaleIsCam(view, image, { ...options, classes });
      await matrices[i]!.update(await argmaxLabels(maps, { classes }), truth);
    }
  }
  return matrices;
}

/**
 * Features of a photo that is looked at again and again in the same way: the nth look gives what the nth look gave before.
 * They lie on the host, some ten megabytes a photo.
 */
export function remembered(features: FeatureFunction): () => FeatureFunction {
  const looks: Features[] = [];
  return () => {
    let look = 0;
    return async (image) => {
      const n = look++;
      looks[n] ??= await onHost(await features(image));
      return { ...looks[n] };
    };
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
