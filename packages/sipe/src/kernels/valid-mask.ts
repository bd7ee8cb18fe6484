/** Which pixels of a training image show the photo. */
export interface ValidBox {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/**
 * The mask of a batch of training images at the size of its features: 1 in cells whose pixel (torch's nearest,
 * ⌊cell · pixels / cells⌋) shows the photo, for the background and the image's classes.
 *
 * @param boxes One for each image.
 * @param labels 1 for the image's classes, `[n, C]`.
 * @param image `[h, w]` in pixels.
 * @param size `[h, w]` in cells.
 * @returns `[n, h, w, C + 1]`.
 */
export function validMask(
  boxes: readonly ValidBox[],
  labels: ArrayLike<number>,
  image: readonly [number, number],
  size: readonly [number, number],
): Float32Array {
  const classes = labels.length / boxes.length;
  const [h, w] = size;
  const mask = new Float32Array(boxes.length * h * w * (classes + 1));
  let at = 0;
  for (const [n, { top, left, height, width }] of boxes.entries()) {
    for (let y = 0; y < h; y++) {
      const py = Math.floor((y * image[0]) / h);
      for (let x = 0; x < w; x++, at += classes + 1) {
        const px = Math.floor((x * image[1]) / w);
        if (py < top || py >= top + height || px < left || px >= left + width) continue;
        mask[at] = 1;
        for (let c = 0; c < classes; c++) mask[at + c + 1] = labels[n * classes + c]!;
      }
    }
  }
  return mask;
}
