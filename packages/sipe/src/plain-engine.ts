import type { Engine } from './engine';
import { COSINE_EPSILON, EPSILON } from './epsilon';
import { cosines } from './kernels/cosines';
import { normalizeCells } from './kernels/normalize-cells';
import { overlapRatio } from './kernels/overlap-ratio';
import { structureOverlap } from './kernels/structure-overlap';

/** Loops over typed arrays, in doubles. */
export const plainEngine: Engine = {
  name: 'plain',
  async structureIou(features, cam, channels, { overlap, backgroundFactor }) {
    const directions = features.slice();
    normalizeCells(directions, features.length / (cam.length / channels), EPSILON);
    const { common, stride } = structureOverlap(directions, cam, channels, overlap);
    return overlapRatio(common, stride, cam, channels, backgroundFactor);
  },
  cosines: (features, prototypes, channels) => cosines(features, prototypes, channels, COSINE_EPSILON),
};
