/** Training steps of a lane: those that `WSSS_STEPS` asks for, or so many. */
export function stepsOf(otherwise: number): number {
  const wanted = process.env.WSSS_STEPS || `${otherwise}`;
  // Two halves after those to warm up are compared.
  if (!/^\d+$/.test(wanted) || Number(wanted) < 40) throw new Error(`WSSS_STEPS: expected 40 or more, got ${wanted}`);
  return Number(wanted);
}
