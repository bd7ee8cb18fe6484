// WebGPU in Node: on a GPU, else on SwiftShader, the GPU in software that Chromium brings.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';
import { root } from '../lib/root.mjs';
import { runVitest } from './lib/vitest-lane.mjs';

const { env: environment } = process;

export const name = 'webgpu';

/** Where Chromium's packages keep SwiftShader's description for Vulkan, beside which its loader lies. */
const SWIFTSHADER = [
  environment.SWIFTSHADER,
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/usr/lib/chromium-browser/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
].find((path) => path !== undefined && existsSync(path));

const software = SWIFTSHADER && {
  VK_ICD_FILENAMES: SWIFTSHADER,
  LD_LIBRARY_PATH: [dirname(SWIFTSHADER), environment.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
};

const PROBE = `
const { create } = await import('webgpu');
process.exit((await create([]).requestAdapter()) ? 0 : 1);`;

/** Whether Dawn finds a GPU in this environment. */
function findsGpu(env) {
  const node = [process.execPath, ['--input-type=module', '--eval', PROBE]];
  return (
    spawnSync(...node, { cwd: root, env: { ...environment, ...env }, stdio: 'ignore', timeout: 60_000 }).status === 0
  );
}

let env;

export async function available() {
  if (!existsSync(`${root}/node_modules/webgpu`)) return 'the package webgpu is not installed';
  env = [{}, ...(software ? [software] : [])].find(findsGpu);
  if (env) return undefined;
  return software
    ? 'Dawn finds no GPU, and does not start on SwiftShader'
    : 'there is no GPU, and no SwiftShader: apt install chromium, or set SWIFTSHADER to vk_swiftshader_icd.json';
}

export function run() {
  return runVitest('environments', {
    args: ['--config', '../vitest.config.ts', 'webgpu.lane'],
    env: { ...env, WSSS_SUITE: 'lane' },
  });
}
