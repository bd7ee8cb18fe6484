import { backend, engine, env, getGradient, getKernel, memory, version_core } from '@tensorflow/tfjs-core';
import { startedBackend } from './backends/started';
import { coreCopies, describeCopies } from './core-copies';
import { GRADIENTS_MARK } from './gradients/mark';
import { KERNELS_HOOK } from './kernels/hook';
import { kernelSettings } from './simd/kernel-settings';

interface WasmHeap {
  wasm?: { HEAPU8?: Uint8Array };
}

const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

/**
 * What the program computes with, in a few lines: the backend, its threads and device, SIMD, versions, memory. For an
 * issue, or the head of a log.
 *
 * @example
 * console.log(backendReport());
 */
export function backendReport(): string {
  const { backendName } = engine();
  const lines: [string, string][] = backendName ? aboutBackend(backendName) : [['backend', 'none in use yet']];
  const ours = getGradient(GRADIENTS_MARK) !== undefined;
  const copies = coreCopies(backendName ? backend() : undefined);
  lines.push(
    ['gradients', ours ? 'of @wsss/backend/gradients' : 'not of @wsss/backend/gradients: it is not imported'],
    ['tfjs-core', copies.length === 1 ? version_core : `${copies.length} copies: ${describeCopies(copies)}`],
    ['runtime', runtime()],
  );
  if (backendName) lines.push(['memory', aboutMemory()]);
  return lines.map(([name, value]) => `${name.padEnd(11)}${value}`).join('\n');
}

function aboutBackend(name: string): [string, string][] {
  const started = startedBackend(name);
  const lines: [string, string][] = [['backend', name]];
  if (started) {
    const { threads, device, packageVersion } = started;
    lines.push(['device', device], ['threads', `${threads}`]);
    if (packageVersion)
      lines.push(['package', [packageVersion.name, packageVersion.version].filter(Boolean).join(' ')]);
  }
  if (backend().floatPrecision() === 16) lines.push(['precision', 'half: numbers of 16 bits, from 6e-8 to 65504']);
  if (name === 'wasm') {
    const own = kernelSettings.own && getKernel(KERNELS_HOOK, name) !== undefined;
    lines.push(
      ['kernels', own ? 'of @wsss/backend' : 'of TensorFlow.js'],
      ['SIMD', env().get('WASM_HAS_SIMD_SUPPORT') ? 'yes' : 'no'],
    );
  }
  return lines;
}

function aboutMemory(): string {
  const { numTensors, numBytes } = memory();
  const heap = (backend() as WasmHeap).wasm?.HEAPU8?.byteLength;
  const size = heap === undefined ? '' : `, heap ${mebibytes(heap)}`;
  return `${numTensors} tensor${numTensors === 1 ? '' : 's'}, ${mebibytes(numBytes)}${size}`;
}

function runtime(): string {
  const { process, navigator } = globalThis as {
    process?: { versions?: { node?: string }; platform?: string; arch?: string };
    navigator?: { userAgent?: string };
  };
  if (process?.versions?.node) return `Node ${process.versions.node}, ${process.platform} ${process.arch}`;
  return navigator?.userAgent ?? 'unknown';
}
