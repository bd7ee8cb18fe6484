import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { repository } from '../published';

// `npx @wsss/backend install tensorflow`, killed at every step of its work, then run to its end, twice. Downloads 230 MB
// up to four times, so it is run by hand: node --import tsx src/backends/install-kills.ts [SIGTERM|SIGKILL]

const signal = (process.argv[2] ?? 'SIGKILL') as 'SIGTERM' | 'SIGKILL';
const cli = join(repository, 'packages', 'backend', 'dist', 'cli.js');
/** What the command says when it begins a step, and how long it is let go on. */
const STEPS = [
  ['Installing into', 1],
  ['Installing into', 3],
  ['Downloading', 0.5],
  ['Downloading', 3],
  ['Unpacking', 1],
  ['Compiling', 0.5],
  ['Compiling', 4],
  ['Verifying', 0.3],
  ['Verifying', 1.5],
] as const;

const project = mkdtempSync(join(tmpdir(), 'wsss-kills-'));
writeFileSync(join(project, 'package.json'), '{ "private": true }');

interface Run {
  readonly child: ChildProcess;
  readonly said: { text: string };
  readonly ended: Promise<number | string>;
}

function start(): Run {
  const child = spawn(process.execPath, [cli, 'install', 'tensorflow'], { cwd: project });
  const said = { text: '' };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      said.text += chunk;
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.on('close', (code, by) => resolve(by ?? code ?? 'nothing'));
  });
  return { child, said, ended };
}

/** What an interrupted run leaves for the next one to remove. */
function leftovers(): string[] {
  return readdirSync(project, { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.wsss-(partial|installing)[^/]*$/.test(path),
  );
}

const problems: string[] = [];
const check = (right: boolean, problem: string) => {
  if (!right) problems.push(problem);
};

console.log(`Node ${process.version}, ${signal}, in ${project}`);
for (const [step, seconds] of STEPS) {
  const { child, said, ended } = start();
  let over = false;
  const end = ended.then((code) => {
    over = true;
    return code;
  });
  while (!said.text.includes(step) && !over) await setTimeout(20);
  await setTimeout(seconds * 1000);
  const last = said.text.trim().split('\n').at(-1);
  child.kill(signal);
  const code = await end;
  console.log(
    `${step}, ${seconds} s later: ended with ${code} after '${last}'; left ${leftovers().length} for the next`,
  );
  check(said.text.includes(step), `it did not come to ${step}: ${said.text}`);
  if (signal === 'SIGTERM')
    check(!leftovers().some((path) => path.includes('partial')), `${step}: half done work stays`);
}
for (const expected of ['Ready: ', 'is installed already']) {
  const began = performance.now();
  const { said, ended } = start();
  const code = await ended;
  const lines = said.text.trim().split('\n');
  console.log(
    `${((performance.now() - began) / 1000).toFixed(0)} s, ended with ${code}: ${lines.slice(-2).join(' | ')}`,
  );
  check(code === 0 && said.text.includes(expected), `not '${expected}': ${said.text}`);
  check(leftovers().length === 0, `left behind: ${leftovers()}`);
}
rmSync(project, { recursive: true });
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'All right' : `${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
