import { type HostTensor, hostTensor } from '@wsss/core';
import { type CrfLattices, DenseCrf, unaryFromSoftmax } from '@wsss/crf';

export interface Input {
  readonly height: number;
  readonly width: number;
  readonly classes: number;
  readonly image: Uint8Array;
  readonly scores: Float32Array;
}

export interface Measured {
  /** Milliseconds. */
  readonly wall: number;
  /** Of the processor, all threads together. */
  readonly cpu: number;
  readonly q: HostTensor;
}

/** What peers/pydensecrf/infer.py does, from scores to probabilities. */
export async function ourRun(
  { height, width, classes, image, scores }: Input,
  threads: number,
  lattices?: CrfLattices,
): Promise<Measured> {
  const photo = hostTensor(image, [height, width, 3]);
  const given = hostTensor(scores, [height, width, classes]);
  const cpu = process.cpuUsage();
  const start = performance.now();
  const field = new DenseCrf({ height, width, classes, compatibility: 'pydensecrf', threads })
    .setUnary(await unaryFromSoftmax(given, { threads }))
    .addGaussian({ sdims: 3, compat: 3, lattice: lattices?.gaussian })
    .addBilateral({ sdims: 80, schan: 13, image: photo, compat: 10, lattice: lattices?.bilateral });
  const q = await field.infer(10);
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  field.dispose();
  return { wall, cpu: (user + system) / 1000, q };
}
