// npm run example psa -- --devkit FOLDER --weights FILE: The recipe of PSA (Ahn & Kwak, CVPR 2018) on VOC 2012, with the settings of its released scripts.
import { resolve } from 'node:path';
import { WsssError } from '@wsss/core';
import { COMMON_HELP, readPaperOptions } from '../papers/options';
import { PSA_STAGES, runPsa } from './run-psa';

const HELP = `npm run example psa -- --devkit FOLDER --weights FILE [options]

The recipe of PSA (Ahn & Kwak, CVPR 2018) on VOC 2012, with the settings of its released scripts: steps ${PSA_STAGES.join(', ')}.
Each says what the paper reports beside what it found. A run that was stopped goes on where it stood.

  --weights     ImageNet weights of the trunk: a .params, .pth or .safetensors (docs/guides/weights.md)
  --classifier  a trained classifier, e.g. the released res38_cls.pth, in the place of the first step
  --affinity    a trained AffinityNet, e.g. the released res38_aff.pth, in the place of the fourth
  --network     resnet38d (default), vgg16, or mobilenetV2, which is not of the paper
${COMMON_HELP}`;

try {
  const options = await readPaperOptions('psa', process.argv.slice(2), {
    out: resolve(import.meta.dirname, '../../out/psa'),
    stages: PSA_STAGES,
    files: ['weights', 'classifier', 'affinity'],
    networks: ['resnet38d', 'vgg16', 'mobilenetV2'],
  });
  if (options) await runPsa(options);
  else console.log(HELP);
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
