import { profile, useBackend } from '@wsss/backend';
import '@wsss/backend/gradients';
import { referenceRates } from './reference-loops';
import { writeResults } from './results';
import { type SpillCase, spillCases } from './spill-cases';

// Every kernel of ours against what no compiler of WebAssembly touches, on this machine; fails where one is below its floor, which a
// change of its source, of the engine or of the compiler can bring about: node --import tsx --conditions=@wsss/source
// src/backend/spill-check.ts [rounds] [part of a name]. It takes the fastest of the rounds, so that other programs
// matter little; with the flag --liftoff-only of V8, whose code spills everything, all of it fails.
const rounds = Number(process.argv[2] ?? 25);
const { device } = await useBackend('wasm', { threads: 1 });
const cases = spillCases().filter(({ name }) => name.includes(process.argv[3] ?? ''));

/** Multiplications and additions, or bytes, in thousands of millions a second. */
async function rate({ kernel, run, against }: SpillCase): Promise<number> {
  const { value, rows } = await profile(run, { print: false });
  value.dispose();
  const row = rows.find((each) => each.kernel === kernel);
  if (!row) throw new Error(`${kernel} did not run`);
  return (against === 'chain' ? row.flops! : row.bytes) / row.seconds / 1e9;
}

const best = new Map<string, number>();
const most = { chain: 0, copy: 0 };
// The engine compiles with its optimising compiler only what has run for a while.
for (let round = -20; round < rounds; round++) {
  for (const each of cases) {
    await useBackend('wasm', { threads: 1, ...each.options });
    const reached = await rate(each);
    if (round >= 0) best.set(each.name, Math.max(best.get(each.name) ?? 0, reached));
  }
  const { chain, copy } = referenceRates();
  most.chain = Math.max(most.chain, chain);
  most.copy = Math.max(most.copy, copy);
}

console.log(`${device}, Node ${process.version}, V8 ${process.versions.v8}, the fastest of ${rounds} rounds`);
console.log(`a chain in one register: ${most.chain.toFixed(2)} GFLOP/s; copies: ${most.copy.toFixed(1)} GB/s\n`);
console.log(`${'kernel'.padEnd(50)} ${'rate'.padStart(13)} ${'times it'.padStart(8)} ${'floor'.padStart(6)}`);
const slow: string[] = [];
const results = cases.map(({ name, kernel, against, floor }) => {
  const reached = best.get(name)!;
  const share = reached / most[against];
  const ok = share >= floor;
  if (!ok) slow.push(`${name} (${kernel}): ${share.toFixed(2)} times the reference, at least ${floor}`);
  const unit = against === 'chain' ? 'GFLOP/s' : 'GB/s';
  const cells = [`${reached.toFixed(1)} ${unit.padEnd(7)}`.padStart(13), share.toFixed(2).padStart(8)];
  console.log(`${name.padEnd(50)} ${cells.join(' ')} ${floor.toFixed(2).padStart(6)}${ok ? '' : '  FAIL'}`);
  return { name, kernel, rate: reached, unit, share, floor, ok };
});
writeResults('backend-spill-check', { device, rounds, references: most }, results);
if (slow.length > 0) {
  console.error(
    `\nFAIL: the compiler spills, or something else slows these down:\n${slow.map((line) => `  ${line}`).join('\n')}`,
  );
}
process.exit(slow.length > 0 ? 1 : 0);
