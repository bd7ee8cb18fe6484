import { tensor, variable } from '@tensorflow/tfjs-core';
import { hostTensor } from '@wsss/core';
import { item } from '@wsss/testing';
import { polyLearningRate, polySgd } from '@wsss/train';
import { onEachBackend } from '../suite/backends';
import { goldenKind } from '../suite/golden-kind';

// spec/psa, section 17: 1e-6; relative where parameters have grown beyond 1 (the spacing of float32 is 1.9e-6 at 16, and
// torch fuses a multiplication and an addition that we round one by one).
const tolerance = { abs: 1e-6, rel: 1e-6 };
// The rates in double differ by the order of two multiplications.
const doubles = { rel: 1e-12 };

goldenKind('psa/g', async (run) => {
  const base = run.parameter<number>('base_lr')!;
  const steps = run.parameter<number>('steps')!;
  const maxSteps = run.parameter<number>('max_step')!;
  const power = run.parameter<number>('poly_power')!;
  const multipliers = run.parameter<number[]>('lr_multipliers')!;
  const decays = run.parameter<number[]>('weight_decay_per_group')!;
  const rate = (step: number) => polyLearningRate(base, step, maxSteps, power);

  const rates = Array.from({ length: steps }, (_, step) => multipliers.map((multiplier) => rate(step) * multiplier));
  await run.compare('lr', hostTensor(Float64Array.from(rates.flat()), [steps, multipliers.length]), { tolerance });
  run.compareRecorded('lr_float64', rates, { tolerance: doubles });

  await onEachBackend(async (via) => {
    const variables = multipliers.map((_, group) => {
      const { values, shape } = run.input(`p${group}.init`);
      return variable(tensor(values, [...shape]), true, `${run.id}/${via}/p${group}`);
    });
    const groups = variables.map((parameter, group) => ({
      parameters: [parameter],
      prefix: `${group}`,
      multiplier: multipliers[group]!,
      weightDecay: decays[group]!,
    }));
    // What is called weight decay here is the momentum in the official code; each group has a decay of its own.
    const optimizer = polySgd({
      groups,
      learningRate: base,
      maxSteps,
      power,
      weightDecay: run.parameter<number>('sgd_momentum_actually_used')!,
      compatibility: 'psa',
    });
    const after = variables.map(({ size }) => new Float32Array(size * steps));
    for (let step = 0; step < steps; step++) {
      const gradients = variables.map(({ name }, group) => {
        const { values, shape } = item(run.input(`p${group}.grad`), step);
        return [name, tensor(values, [...shape])] as const;
      });
      optimizer.step(Object.fromEntries(gradients));
      for (const [group, parameter] of variables.entries()) {
        after[group]!.set(await parameter.data(), step * parameter.size);
      }
    }
    for (const [group, { shape }] of variables.entries()) {
      await run.compare(`p${group}.after`, hostTensor(after[group]!, [steps, ...shape]), { tolerance, via });
    }
    optimizer.dispose();
    for (const parameter of variables) parameter.dispose();
  });
});
