/**
 * Runs one lane, whatever it throws.
 *
 * @param lane What a file of `scripts/lanes` exports: `name`, `available()`, `run()`.
 * @returns `{ name, passed, failed, skipped, seconds, reason? }`. `reason` says why it could not run, which counts as
 *   one skipped.
 */
export async function runLane({ name, available, run }) {
  const started = Date.now();
  const result = (counts) => ({ name, ...counts, seconds: Math.round((Date.now() - started) / 1000) });
  try {
    const reason = await available();
    if (reason !== undefined) return result({ passed: 0, failed: 0, skipped: 1, reason });
    const { passed, failed, skipped } = await run();
    if (passed + failed > 0) return result({ passed, failed, skipped });
    console.error(`The lane ${name} ran, and tested nothing.`);
    return result({ passed, failed: 1, skipped });
  } catch (error) {
    console.error(error);
    return result({ passed: 0, failed: 1, skipped: 0 });
  }
}
