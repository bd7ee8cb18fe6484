import { finiteValues, type HostTensor, hostTensor, type TensorLike } from '@wsss/core';
import { chooseEngine } from './choose-engine';
import { compatibilityMatrix } from './compatibility';
import { shrunk } from './crf-lattices';
import { deviations } from './deviations';
import type { Term } from './engine';
import { jointPoints } from './image-points';
import { shrink } from './kernels/shrink';
import { Lattice } from './lattice';
import type { CrfPreset } from './presets';
import { type CrfRunOptions, runPreset } from './run-preset';

/**
 * A preset's CRF at reduced resolution: all iterations but the last on the smaller image, with deviations to match; in
 * the last one every pixel of the full image receives the messages of the small image's pixels, through lattices over
 * both, and keeps its own unary. So edges come from the full image.
 *
 * @param unary `[h, w, K]`
 * @param scale Below 1.
 */
export async function runReduced(
  where: string,
  image: TensorLike,
  unary: HostTensor,
  preset: CrfPreset,
  { scale, ...options }: CrfRunOptions & { readonly scale: number },
): Promise<HostTensor> {
  const [h, w, K] = unary.shape as [number, number, number];
  const channels = image.shape[2]!;
  const [rows, columns] = [Math.max(1, Math.round(h * scale)), Math.max(1, Math.round(w * scale))];
  const values = await finiteValues(where, 'image', image);

  const few = new Float32Array(rows * columns * channels);
  shrink(values, [h, w, channels], few, [rows, columns]);
  const costs = new Float32Array(rows * columns * K);
  shrink(unary.values, [h, w, K], costs, [rows, columns]);
  const factors = [columns / w, rows / h] as const;
  const spread = (sdims: number | readonly number[]) => deviations(where, 'sdims', shrunk(sdims, preset), 2);
  const narrow = (sdims: number | readonly number[]) => spread(sdims).map((s, axis) => s * factors[axis]!);
  const { gaussian, bilateral } = preset;
  const smaller: CrfPreset = {
    ...preset,
    iterations: preset.iterations - 1,
    scaleFactor: 1,
    gaussian: gaussian && { ...gaussian, sdims: narrow(gaussian.sdims) },
    bilateral: bilateral && { ...bilateral, sdims: narrow(bilateral.sdims) },
  };
  const photo = values instanceof Uint8Array ? Uint8Array.from(few, Math.round) : few;
  const q = await runPreset(
    where,
    hostTensor(photo, [rows, columns, channels]),
    hostTensor(costs, [rows, columns, K]),
    smaller,
    options,
  );

  const engine = chooseEngine(options.engine);
  const senders = rows * columns;
  const points = senders + h * w;
  const lattices: Lattice[] = [];
  const term = (
    sdims: number | readonly number[],
    schan: readonly number[],
    compat: NonNullable<typeof gaussian>['compat'],
  ) => {
    const source = jointPoints(
      { image: photo, rows, columns },
      { image: values, rows: h, columns: w },
      spread(sdims),
      schan,
    );
    const lattice = new Lattice(source, { engine: options.engine, threads: options.threads });
    lattices.push(lattice);
    const compatibility = compatibilityMatrix(where, compat, K);
    return { lattice: Lattice.engineOf(lattice), normalization: 'symmetric', compatibility, senders } satisfies Term;
  };
  try {
    const list: Term[] = [];
    if (gaussian) list.push(term(gaussian.sdims, [], gaussian.compat));
    if (bilateral) {
      list.push(term(bilateral.sdims, deviations(where, 'schan', bilateral.schan, channels), bilateral.compat));
    }
    options.signal?.throwIfAborted();
    const all = new Float32Array(points * K);
    all.set(unary.values, senders * K);
    const field = engine.field(points, K, all, list, options.threads);
    try {
      field.resume(q.values);
      field.step(1);
      return hostTensor(field.distribution().slice(senders * K), [h, w, K]);
    } finally {
      field.dispose();
    }
  } finally {
    for (const lattice of lattices) lattice.dispose();
  }
}
