import { engine, keep, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { ValueError } from '@wsss/core';

/** A kernel that ran on what depends on the image. */
export interface RecordedKernel {
  readonly kernel: string;
  /** Ids of tensors, by the kernel's names of its inputs; lists are named 0, 1, …. */
  readonly inputs: Readonly<Record<string, number>>;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly output: number;
}

export interface Recording {
  readonly kernels: readonly RecordedKernel[];
  /** What the kernels use that does not depend on the image, kept: dispose it. By id. */
  readonly constants: ReadonlyMap<number, Tensor>;
  readonly output: number;
}

type RunKernel = (kernel: string, inputs: Record<string, Tensor | undefined>, attributes?: object) => Tensor | Tensor[];

/**
 * Runs a function of tensors and writes down which kernels it runs, in their order. What does not depend on the image is
 * computed now and becomes a constant, as the scales of batch norms do.
 *
 * @param f Synchronous.
 * @throws {ValueError} if a kernel on the way has several outputs.
 */
export function recordKernels(image: Tensor, f: (image: Tensor) => Tensor): Recording {
  const kernels: RecordedKernel[] = [];
  const constants = new Map<number, Tensor>();
  const live = new Set([image.id]);
  const runner = engine() as unknown as { runKernel: RunKernel };
  const run = runner.runKernel.bind(runner);
  const record: RunKernel = (kernel, inputs, attributes = {}) => {
    const made = run(kernel, inputs, attributes);
    const given = Object.entries(inputs).filter((entry): entry is [string, Tensor] => entry[1] !== undefined);
    if (!given.some(([, { id }]) => live.has(id))) return made;
    if (Array.isArray(made)) {
      throw new ValueError('exportGraphModel', 'network', 'to use kernels of one output', kernel);
    }
    for (const [, tensor] of given) {
      if (live.has(tensor.id) || constants.has(tensor.id)) continue;
      constants.set(tensor.id, keep(run('Identity', { x: tensor }) as Tensor));
    }
    live.add(made.id);
    const ids = Object.fromEntries(given.map(([name, { id }]) => [name, id]));
    kernels.push({ kernel, inputs: ids, attributes: { ...attributes }, output: made.id });
    return made;
  };
  // Every operation of TensorFlow.js goes through this method; a property of the object goes before the class's.
  const own = Object.getOwnPropertyDescriptor(runner, 'runKernel');
  runner.runKernel = record;
  try {
    let output = -1;
    tidy(() => {
      output = f(image).id;
    });
    if (!live.has(output)) throw new ValueError('exportGraphModel', 'network', 'to depend on the image', output);
    return { kernels, constants, output };
  } catch (error) {
    for (const constant of constants.values()) constant.dispose();
    throw error;
  } finally {
    if (own) Object.defineProperty(runner, 'runKernel', own);
    else Reflect.deleteProperty(runner, 'runKernel');
  }
}
