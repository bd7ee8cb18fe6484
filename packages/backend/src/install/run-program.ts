import { type ChildProcess, spawn } from 'node:child_process';

/** What a program did. */
export interface ProgramResult {
  /** Undefined where there is no such program. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const running = new Set<ChildProcess>();

/** Ends the programs that still run: for a signal. */
export function endPrograms(): void {
  for (const child of running) child.kill('SIGTERM');
}

interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Gets the process once it runs. */
  readonly started?: (pid: number) => void;
}

/** Runs a program to its end, and keeps what it prints. */
export function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<ProgramResult> {
  const { cwd, env = {}, started } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...outerEnvironment(), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    running.add(child);
    if (child.pid !== undefined) started?.(child.pid);
    child.on('error', (error: NodeJS.ErrnoException) => {
      running.delete(child);
      if (error.code === 'ENOENT') resolve({ code: undefined, ...output });
      else reject(error);
    });
    child.on('close', (code, signal) => {
      running.delete(child);
      resolve({ code: signal ? 1 : (code ?? 1), ...output });
    });
  });
}

/** Without what `npx` or `npm run` tells the programs it starts: it speaks of another project than the user's. */
function outerEnvironment(): NodeJS.ProcessEnv {
  const ofNpm =
    /^(npm_(package|lifecycle|command|execpath|node_execpath)|npm_config_(local_prefix|workspace|global_prefix|prefix|package|call)|INIT_CWD$)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ofNpm.test(name)));
}

/** The last lines of what a program said. */
export function lastLines({ stdout, stderr }: ProgramResult, count = 12): string {
  return `${stdout}\n${stderr}`
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count)
    .join('\n');
}
