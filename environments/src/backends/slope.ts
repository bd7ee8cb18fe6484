import { add, dispose, mul, type Tensor, tidy, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import type { Trainee } from './training-step';

/** How much the loss changes from one side of the finite difference to the other, of itself, roughly. */
const CHANGE = 0.02;

/**
 * How far the gradient of a network's loss is from finite differences: along the gradient itself the slope must be its
 * length, too small where a part of it is wrong. Relative to the length.
 */
export async function slopeError({ parameters, loss, dispose: free }: Trainee): Promise<number> {
  const trained = [...parameters.values()].filter((variable) => variable.trainable);
  const { value, grads } = tidy(() => variableGrads(loss, trained));
  let squares = 0;
  const moved: [Variable, Tensor, Tensor][] = [];
  for (const variable of trained) {
    const gradient = grads[variable.name];
    if (!gradient) continue;
    for (const part of await gradient.data()) squares += part * part;
    moved.push([variable, variable.clone(), gradient]);
  }
  const length = Math.sqrt(squares);
  const at = async (distance: number) => {
    for (const [variable, before, gradient] of moved) {
      tidy(() => variable.assign(add(before, mul(gradient, distance / length))));
    }
    const result = tidy(loss);
    const [number] = (await result.data()) as unknown as [number];
    result.dispose();
    return number;
  };
  const [start] = (await value.data()) as unknown as [number];
  const step = (CHANGE * start) / length / 2;
  const slope = async (h: number) => ((await at(h)) - (await at(-h))) / (2 * h);
  // Two steps, so that the error of third order falls out.
  const found = (4 * (await slope(step / 2)) - (await slope(step))) / 3;
  dispose([value, ...Object.values(grads), ...moved.map(([, before]) => before)]);
  free();
  return Math.abs(found / length - 1);
}
