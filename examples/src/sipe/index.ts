// npm run example sipe -- --devkit FOLDER --weights FILE: The recipe of SIPE (Chen et al., CVPR 2022) on VOC 2012, with the settings of its released scripts.
import { resolve } from 'node:path';
import { WsssError } from '@wsss/core';
import { COMMON_HELP, readPaperOptions } from '../papers/options';
import { runSipe, SIPE_STAGES } from './run-sipe';

const HELP = `npm run example sipe -- --devkit FOLDER --weights FILE [options]

The recipe of SIPE (Chen et al., CVPR 2022) on VOC 2012, with the settings of its released scripts: steps ${SIPE_STAGES.join(', ')}.
Each says what the paper reports beside what it found. A run that was stopped goes on where it stood.

  --weights  ImageNet weights of ResNet-50: resnet50-19c8e357.pth or the like (docs/guides/weights.md)
  --sipe     a trained network, e.g. the released final.pth, in the place of the first step
  --irn      a trained IRN, in the place of the fourth
  --segmentation-weights  of ResNet-101, for the last network: of COCO, or ImageNet's
  --network  resnet50 (default), or mobilenetV2, which is not of the paper
${COMMON_HELP}`;

try {
  const options = await readPaperOptions('sipe', process.argv.slice(2), {
    out: resolve(import.meta.dirname, '../../out/sipe'),
    stages: SIPE_STAGES,
    files: ['weights', 'sipe', 'irn', 'segmentation-weights'],
    networks: ['resnet50', 'mobilenetV2'],
  });
  if (options) await runSipe(options);
  else console.log(HELP);
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
