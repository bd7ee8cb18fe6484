import type { StepLimits } from './many-steps';

/** Training steps of a lane: those that `WSSS_STEPS` asks for, however long they take, or the lane's own. */
export function stepsOf(otherwise: StepLimits): StepLimits {
  const wanted = process.env.WSSS_STEPS;
  if (!wanted) return otherwise;
  // Two halves after those to warm up are compared.
  if (!/^\d+$/.test(wanted) || Number(wanted) < 40) throw new Error(`WSSS_STEPS: expected 40 or more, got ${wanted}`);
  return { steps: Number(wanted) };
}
