import {
  BACKGROUND,
  byteValues,
  type HostTensor,
  hostTensor,
  matchShape,
  type TensorLike,
  VOC_PALETTE,
} from '@wsss/core';

/** How much of the photo shines through a class, and how bright the background stays. */
const PHOTO = 0.5;
const DIM = 0.4;

/** A photo `[h, w, 3]` whose pixels take the colour of their class, and whose background goes dim and grey. */
export async function tintByLabel(
  photo: TensorLike,
  labels: TensorLike,
  palette: Readonly<Uint8Array> = VOC_PALETTE,
  [where, name]: readonly [string, string] = ['report', 'over'],
): Promise<HostTensor<Uint8Array>> {
  const { h, w } = matchShape(where, 'labels', labels.shape, ['h', 'w']);
  matchShape(where, name, photo.shape, ['h', 'w', 3], { h, w }, 'The photo and the labels have the same size.');
  const [pixels, classes] = await Promise.all([byteValues(where, name, photo), byteValues(where, 'labels', labels)]);
  const out = new Uint8Array(h * w * 3);
  for (let i = 0, o = 0; i < classes.length; i++) {
    const index = classes[i]!;
    // The weights of ITU-R BT.601 for how bright a colour looks.
    const grey = 0.299 * pixels[o]! + 0.587 * pixels[o + 1]! + 0.114 * pixels[o + 2]!;
    for (let c = 0; c < 3; c++, o++) {
      const tinted = PHOTO * pixels[o]! + (1 - PHOTO) * (palette[index * 3 + c] ?? 0);
      out[o] = Math.round(index === BACKGROUND ? DIM * grey : tinted);
    }
  }
  return hostTensor(out, [h, w, 3]);
}
