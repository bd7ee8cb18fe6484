/** The grey of each pixel of an RGB image, `0.299 R + 0.587 G + 0.114 B` in Pillow's fixed point. */
export function luma(image: Uint8Array): Uint8Array {
  const out = new Uint8Array(image.length / 3);
  for (let i = 0, p = 0; p < out.length; i += 3, p++) {
    out[p] = (image[i]! * 19595 + image[i + 1]! * 38470 + image[i + 2]! * 7471 + 0x8000) >> 16;
  }
  return out;
}
