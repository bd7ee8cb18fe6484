/** The class index of the background in every label map. */
export const BACKGROUND = 0;

/** The value of a label map's pixels that count nowhere: unknown, or the border of an object. */
export const IGNORE = 255;

/** The 20 object classes of PASCAL VOC in the official order; class `i` is `VOC_CLASSES[i - 1]`, 0 is background. */
export const VOC_CLASSES = [
  'aeroplane',
  'bicycle',
  'bird',
  'boat',
  'bottle',
  'bus',
  'car',
  'cat',
  'chair',
  'cow',
  'diningtable',
  'dog',
  'horse',
  'motorbike',
  'person',
  'pottedplant',
  'sheep',
  'sofa',
  'train',
  'tvmonitor',
] as const;

/**
 * The 256 colours of VOC's masks, `[256 × 3]` RGB: the bits of the index, three at a time, become the high bits of
 * red, green and blue. 0 is black, 1 is (128, 0, 0), 255 is (224, 224, 192).
 */
export const VOC_PALETTE: Readonly<Uint8Array> = vocPalette();

function vocPalette(): Uint8Array {
  const palette = new Uint8Array(256 * 3);
  for (let index = 0; index < 256; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const place = 7 - Math.floor(bit / 3);
      palette[index * 3 + (bit % 3)]! |= ((index >> bit) & 1) << place;
    }
  }
  return palette;
}
