import { expect, test } from 'vitest';
import * as affinity from './index';
import * as kernels from './kernels/index';

test('the names that are exported', () => {
  expect(Object.keys(affinity).sort()).toMatchInlineSnapshot(`
    [
      "AFFINITY_HEADS",
      "AffinityNet",
      "IRN_BACKGROUND",
      "IRN_WALK",
      "IrnNet",
      "PSA_WALK",
      "affinityLabelMap",
      "affinityLabels",
      "affinityLoss",
      "affinityPairs",
      "cellLabels",
      "cellScores",
      "confidentLabels",
      "displacementLoss",
      "irLabel",
      "irLabelMap",
      "irnLoss",
      "irnWalk",
      "pairAffinities",
      "pathAffinities",
      "pathAffinity",
      "pathPairs",
      "randomWalk",
      "refinePixels",
      "refineScores",
    ]
  `);
  expect(Object.keys(kernels).sort()).toMatchInlineSnapshot(`
    [
      "affinityLabels",
      "cellLabels",
      "confidentLabels",
      "insideSources",
      "irnOffsets",
      "padEdge",
      "pairCounts",
      "pairIndices",
      "pairOffsets",
      "pathAffinity",
      "paths",
      "pixelAdaptive",
      "plainEngine",
      "poolCells",
      "powerSeries",
      "runWalk",
      "stencil",
      "walkPlan",
      "walkStep",
    ]
  `);
});
