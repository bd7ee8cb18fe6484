import { dispose, type NamedTensorMap, type Scalar, tidy, type Variable, variableGrads } from '@tensorflow/tfjs-core';
import { sgd } from '@wsss/train';
import { type Summaries, summarise } from './summary';

/** A network that is about to take a step. */
export interface Trainee {
  readonly parameters: ReadonlyMap<string, Variable>;
  loss(): Scalar;
  dispose(): void;
}

const LEARNING_RATE = 0.01;

/** Loss and every gradient of one step, and the parameters that changed most after it. */
export async function trainingStep(name: string, { parameters, loss, dispose: free }: Trainee): Promise<Summaries> {
  const found: Summaries = {};
  const trained = [...parameters].filter(([, variable]) => variable.trainable);
  const { value, grads } = tidy(() =>
    variableGrads(
      loss,
      trained.map(([, variable]) => variable),
    ),
  );
  found[`${name}: loss`] = summarise(await value.data());
  for (const [parameter, variable] of trained) {
    const gradient = grads[variable.name];
    if (gradient) found[`${name}: gradient of ${parameter}`] = summarise(await gradient.data());
  }
  const optimizer = sgd({ parameters, learningRate: LEARNING_RATE });
  optimizer.step(grads as NamedTensorMap);
  const last = trained.at(-1)!;
  found[`${name}: ${last[0]} after the step`] = summarise(await last[1].data());
  dispose([value, ...Object.values(grads)]);
  optimizer.dispose();
  free();
  return found;
}
