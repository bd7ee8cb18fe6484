// Reads hostile files until told otherwise; the parent watches time and memory.
import { peakMemory } from './peak-memory';
import { tryMutant } from './try-mutant';

process.on('message', async ([format, seed]: [string, number]) => {
  const problem = await tryMutant(format, seed);
  process.send!({ problem, peak: peakMemory() });
});
process.send!({ peak: peakMemory() });
