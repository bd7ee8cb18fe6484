import { expect, test } from 'vitest';
import { isSoftwareGpu } from './is-software-gpu';

test.for([
  'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)',
  'swiftshader',
  'llvmpipe (LLVM 15.0.6, 256 bits)',
  'Microsoft Basic Render Driver',
  'Apple Software Renderer',
])('in software: %s', (words) => expect(isSoftwareGpu(undefined, 'google', words)).toBe(true));

test.for([
  'ANGLE (NVIDIA, NVIDIA GeForce RTX 4070 (0x00002786) Direct3D11 vs_5_0 ps_5_0, D3D11)',
  'Apple M2',
  'Mesa Intel(R) UHD Graphics 620 (KBL GT2)',
  'Adreno (TM) 740',
])('a GPU: %s', (words) => expect(isSoftwareGpu(words, undefined, '')).toBe(false));
