// npm run example own-photos -- FOLDER WEIGHTS [OUT]: masks of your own photos, from a list of what is in them.
//
// FOLDER holds images/, labels.csv (a photo's name and its classes in each line) and classes.txt (a class per line);
// WEIGHTS is a file or an address of MobileNetV2's ImageNet weights: docs/guides/own-photos.md says where to get them.
import { join } from 'node:path';
import { useBackend } from '@wsss/backend';
import { IRN_CRF } from '@wsss/crf';
import { classIndices, encodePng, folderDataset, writeMask } from '@wsss/datasets';
import { saveBytes } from '@wsss/formats';
import { freeze, loadPretrained } from '@wsss/networks';
import { overlayLabels, pseudoLabel, trainClassifier } from '@wsss/pipeline';
import { progressBar } from '@wsss/train';

const [folder, weights, out = join(folder ?? '', 'out')] = process.argv.slice(2);
if (!folder || !weights) throw new Error('npm run example own-photos -- FOLDER WEIGHTS [OUT]');
await useBackend('auto');
const photos = await folderDataset(folder, { masks: false });
const { network } = await loadPretrained('mobilenetV2', { from: weights, network: { outputStride: 16 } });
const sipe = { structure: ['features.14'], prototype: ['features.6', 'features.14'], backgroundFactor: 0.85 };
const classifier = await trainClassifier(freeze(network), photos, {
  taps: ['features.6', 'features.14'],
  onProgress: progressBar({ label: 'classifier' }),
});
for await (const { id, image, labels } of photos) {
  if (labels.length === 0) continue; // background throughout
  // The settings are made for photos of 500 pixels.
  const size = Math.max(...image.shape) / 500;
  const how = { classifier, sipe, scales: [1 / size], crf: { ...IRN_CRF, scaleFactor: 1 / size } };
  const { mask } = await pseudoLabel(image, classIndices(labels, photos.classes), how);
  await writeMask(join(out, 'masks', `${id}.png`), mask);
  await saveBytes(join(out, 'overlays', `${id}.png`), await encodePng(await overlayLabels(image, mask)));
  console.log(`${id}  ${labels.join(', ')}  ${join(out, 'overlays', `${id}.png`)}`);
}
