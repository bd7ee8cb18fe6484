import { sharedFingerprint } from './fingerprint.mjs';
import { run } from './run.mjs';

/** Runs turbo tasks; resolves to turbo's exit code. */
export function turbo(...args) {
  return run('npx', ['--no-install', 'turbo', 'run', ...args], {
    env: {
      WSSS_SHARED: sharedFingerprint(),
      TURBO_TELEMETRY_DISABLED: '1',
      FORCE_COLOR: process.stdout.isTTY ? '1' : '0',
    },
  });
}
