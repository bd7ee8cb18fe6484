import { clone, engine, type Rank, scalar, Tensor, tidy, Variable, zeros } from '@tensorflow/tfjs-core';
import { ValueError } from '../errors';
import { withGradient } from './with-gradient';

/**
 * Trades time for memory in training: what `f` computes on the way to its result is not kept, but computed again in the
 * backward pass. Without a gradient to take, `f` is simply called.
 *
 * Gradients reach its arguments and the trainable variables that it uses, and tensors from outside that it uses too,
 * as long as they live until the backward pass: results of the same pass are gone by then, so pass them as arguments.
 *
 * @param f Takes tensors and returns one tensor of float32. It must do the same when it is called again: draw random
 *   numbers from a seed, not from a stream that moves on, and record nothing.
 * @returns A function like `f`, with its value and its gradient, to be differentiated once.
 * @throws {ValueError} when called, if `f` uses a result of the same pass that is not an argument, or does not return a
 *   tensor of float32.
 *
 * Source: Chen et al., "Training deep nets with sublinear memory cost", 2016 (arXiv 1604.06174).
 */
export function checkpoint<A extends readonly Tensor[], R extends Rank>(
  f: (...args: A) => Tensor<R>,
): (...args: A) => Tensor<R> {
  if (typeof f !== 'function') throw new ValueError('checkpoint', 'f', 'to be a function', f);
  return (...args) => {
    if (!engine().isTapeOn()) return f(...args);
    return tidy(() => {
      const { value, captured } = runAndForget(f, args);
      const inputs = [...args, ...captured.filter(needsGradient)];
      return withGradient<R>(
        inputs,
        (_, save) => {
          save([...args]);
          return clone(value);
        },
        (gradient, saved) => {
          if (engine().isTapeOn()) throw new ValueError('checkpoint', 'f', 'to be differentiated 1 time', 2);
          for (const tensor of captured) if (tensor.isDisposed) throw gone(tensor);
          const leaves = [...saved, ...inputs.slice(args.length)];
          const sources = leaves.filter(needsGradient);
          const again = onOwnTape(() =>
            engine().gradients(() => f(...(saved as unknown as A)), sources, gradient as Tensor, true),
          );
          const slopes = new Map(sources.map((source, i) => [source.id, again.grads[i]]));
          return leaves.map(({ id, shape }) => slopes.get(id) ?? zeros(shape));
        },
      );
    });
  };
}

/** Runs `f`, keeps its value alone, and notes which tensors it used that are neither arguments nor its own. */
function runAndForget<A extends readonly Tensor[], R extends Rank>(
  f: (...args: A) => Tensor<R>,
  args: A,
): { value: Tensor<R>; captured: Tensor[] } {
  const outside = engine().state.activeTape;
  // Clones are told apart from the same tensors reached by another way.
  const given = args.map((x) => clone(x));
  const latest = scalar(0);
  const captured = new Map<number, Tensor>();
  const run = () => {
    const value = f(...(given as unknown as A));
    if (!(value instanceof Tensor) || value.dtype !== 'float32') {
      throw new ValueError('checkpoint', 'f', 'to return a tensor of float32', value);
    }
    for (const node of engine().state.activeTape) {
      for (const input of Object.values(node.inputs)) {
        // Tensors are numbered as they are made.
        if (input && input.id < latest.id && !given.some(({ id }) => id === input.id)) captured.set(input.id, input);
      }
    }
    return value;
  };
  // With nothing to differentiate by, this is a forward pass that leaves no trace.
  const { value } = onOwnTape(() => engine().gradients(run, [latest], undefined, true));
  for (const node of outside) for (const output of node.outputs) if (captured.has(output.id)) throw gone(output);
  return { value: value as Tensor<R>, captured: [...captured.values()] };
}

function needsGradient(tensor: Tensor): boolean {
  return tensor.dtype === 'float32' && !(tensor instanceof Variable && !tensor.trainable);
}

function gone(tensor: Tensor): ValueError {
  const hint =
    'It is called again in the backward pass, when results of the forward pass are gone. Variables need no argument.';
  return new ValueError('checkpoint', 'f', 'to take the tensors that it uses as arguments', tensor, hint);
}

/** Records apart from the pass that is going on, which TensorFlow.js would write into otherwise. */
function onOwnTape<T>(run: () => T): T {
  const { state } = engine();
  const { activeTape, gradientDepth, kernelDepth } = state;
  try {
    Object.assign(state, { gradientDepth: 0, kernelDepth: 0 });
    return run();
  } finally {
    // Still there only where something threw.
    if (state.activeTape !== activeTape) {
      for (const node of state.activeTape ?? []) for (const tensor of node.saved ?? []) tensor.dispose();
    }
    Object.assign(state, { activeTape, gradientDepth, kernelDepth });
  }
}
