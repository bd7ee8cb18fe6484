import { BackendError } from '@wsss/core';
import { missingPackage } from '../backends/missing-package';

/** A WebGPU implementation, and how to give it back. */
export interface GpuSource {
  readonly gpu: GPU;
  /** Whether it is that of the package, in Node. */
  readonly dawn: boolean;
  /** Takes away what was added to the global object. */
  release(): void;
}

interface DawnPackage {
  create(options: readonly string[]): GPU;
  readonly globals: Readonly<Record<string, unknown>>;
}

const NAME = 'webgpu';
/** What `@tensorflow/tfjs-backend-webgpu` takes from the global object. */
const GLOBALS = ['GPUBuffer', 'GPUBufferUsage', 'GPUMapMode', 'GPUTexture', 'GPUTextureUsage'] as const;

/** The browser's WebGPU; in Node, that of the package `webgpu` (Dawn). */
export async function findGpu(): Promise<GpuSource> {
  const { gpu } = (globalThis as { navigator?: { gpu?: GPU } }).navigator ?? {};
  if (gpu) return { gpu, dawn: false, release: () => {} };
  if (!(globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node) {
    throw new BackendError(
      'webgpu',
      'this browser has no WebGPU here',
      'It needs a current Chrome, Edge, Safari or Firefox, and a page that is served by https or from localhost',
    );
  }
  const { create, globals } = await dawn();
  const added = GLOBALS.filter((name) => !(name in globalThis));
  for (const name of added) {
    Object.defineProperty(globalThis, name, { value: globals[name], configurable: true, writable: true });
  }
  return {
    gpu: create([]),
    dawn: true,
    release: () => {
      for (const name of added) Reflect.deleteProperty(globalThis, name);
    },
  };
}

async function dawn(): Promise<DawnPackage> {
  try {
    // Not a literal, and so out of the sight of bundlers: it is for Node alone.
    const name = NAME;
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)) as DawnPackage;
  } catch (error) {
    throw missingPackage('webgpu', NAME, error);
  }
}

/** Runs a function while `navigator.gpu` is there: the backend's constructor looks for it, and for nothing in it. */
export function withNavigatorGpu<T>(gpu: GPU, run: () => T): T {
  const holder = globalThis as { navigator?: object };
  if (holder.navigator && 'gpu' in holder.navigator) return run();
  const made = holder.navigator === undefined;
  const navigator = holder.navigator ?? {};
  if (made) Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  try {
    return run();
  } finally {
    // A GPU that can be reached from the global object keeps a Node process from ending.
    Reflect.deleteProperty(navigator, 'gpu');
    if (made) Reflect.deleteProperty(globalThis, 'navigator');
  }
}
