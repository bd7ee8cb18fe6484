import { resizeBicubic, scaledSize } from '@wsss/core';
import { EXACT } from '@wsss/testing';
import { goldenKind } from '../suite/golden-kind';

goldenKind('psa/r', async (run) => {
  const image = run.input<Uint8Array>('image');
  const [h, w] = image.shape as [number, number];
  for (const scale of run.parameter<number[]>('scales')!) {
    const [name] = run.names(/^scale_(.+)$/).find(([, text]) => Number(text) === scale) ?? [];
    if (name === undefined) throw new Error(`${run.id} has no tensor for scale ${scale}`);
    const resized = await resizeBicubic(image, [scaledSize(h, scale), scaledSize(w, scale)]);
    // Bytes, so nothing but equal will do, although the spec would allow one grey level.
    await run.compare(name, resized, { tolerance: EXACT });
  }
});
