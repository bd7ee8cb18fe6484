import { spawn } from 'node:child_process';
import { root } from './root.mjs';

/** Runs a program in the repository's folder, its output passed through; resolves to its exit code. */
export function run(command, args, { env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env },
      shell: process.platform === 'win32',
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ? 1 : code));
    // Ctrl-C reaches the child by itself; wait for it, so that its clean-up is not cut short.
    process.once('SIGINT', () => {});
  });
}
