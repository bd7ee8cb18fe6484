import { CAFFE_PREPROCESS, centerCrop, IMAGENET_PREPROCESS, normalizeImage } from '@wsss/core';
import { goldenKind } from '../suite/golden-kind';

// spec/psa, section 17: 1e-6.
const tolerance = { abs: 1e-6 };
const preprocessOf = { resnet38: IMAGENET_PREPROCESS, vgg16: CAFFE_PREPROCESS };

goldenKind('psa/n', async (run) => {
  const image = run.input<Uint8Array>('image');
  for (const [network, preprocess] of Object.entries(preprocessOf)) {
    if (run.has(network)) await run.compare(network, await normalizeImage(image, preprocess), { tolerance });
  }
  // Crops are of the image as ResNet-38 gets it.
  const normalised = await normalizeImage(image, IMAGENET_PREPROCESS);
  for (const [name, side] of run.names(/^center_crop_(\d+)$/)) {
    await run.compare(name, await centerCrop(normalised, Number(side)), { tolerance });
  }
});
