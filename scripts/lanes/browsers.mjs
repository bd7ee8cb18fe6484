// WebAssembly, WebGL and WebGPU in headless Chromium.
import { existsSync } from 'node:fs';
import { runVitest } from './lib/vitest-lane.mjs';

const { env: environment } = process;

export const name = 'browsers';

const chromium = [
  environment.CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path));

export async function available() {
  return chromium ? undefined : 'there is no Chromium: apt install chromium, or set CHROMIUM to its path';
}

export function run() {
  return runVitest('environments', {
    args: ['--config', '../vitest.config.ts', 'browsers.lane'],
    env: { WSSS_SUITE: 'lane' },
  });
}
