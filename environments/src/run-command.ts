import { spawn } from 'node:child_process';

export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a program in a folder, with nothing of the `npm run` that we are in: its settings name this repository. */
export function runCommand(program: string, args: readonly string[], cwd: string): Promise<CommandResult> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOfThisRun(name)));
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...env, NO_COLOR: '1' }, shell: process.platform === 'win32' });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The same; what it printed, or an error with what it printed. */
export async function expectCommand(program: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(program, args, cwd);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}

const isOfThisRun = (name: string) =>
  /^npm_(package|lifecycle)/.test(name) ||
  /^npm_config_(local_prefix|workspace|global_prefix|prefix)/.test(name) ||
  /^(INIT_CWD|NODE_PATH|NODE_OPTIONS|VITEST|NODE_ENV|WSSS_)/.test(name);
