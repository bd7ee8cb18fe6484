import { type HostTensor, hostTensor, IGNORE, ShapeError } from '@wsss/core';

/** What all masks say of a pixel, and 255, which no loss counts, where they differ. All are `[h, w]`. */
export function agreedLabels(
  first: HostTensor<Uint8Array>,
  ...others: readonly HostTensor<Uint8Array>[]
): HostTensor<Uint8Array> {
  const agreed = first.values.slice();
  for (const { values, shape } of others) {
    if (shape.join() !== first.shape.join()) throw new ShapeError('agreedLabels', 'masks', first.shape, shape);
    for (const [i, label] of values.entries()) if (label !== agreed[i]) agreed[i] = IGNORE;
  }
  return hostTensor(agreed, first.shape);
}
