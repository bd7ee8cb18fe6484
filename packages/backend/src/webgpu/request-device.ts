import { BackendError } from '@wsss/core';
import { isSoftwareGpu } from '../gpu/is-software-gpu';

/** A GPU that is ready to compute. */
export interface Gpu {
  readonly device: GPUDevice;
  readonly info: GPUAdapterInfo;
  /** In words: `'NVIDIA GeForce RTX 4070'`. */
  readonly words: string;
  readonly software: boolean;
}

/** What `@tensorflow/tfjs-backend-webgpu` uses more of than every GPU must offer. */
const LIMITS = [
  'maxBufferSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
] as const;

/**
 * Asks for the fastest GPU, with all of its memory.
 *
 * @throws {BackendError} if there is none.
 */
export async function requestDevice(gpu: GPU): Promise<Gpu> {
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) {
    throw new BackendError(
      'webgpu',
      'there is no GPU with a driver that it can use',
      'In Node on Linux it needs Vulkan: the loader (Debian: apt install libvulkan1) and the driver of the GPU',
    );
  }
  const { limits } = adapter;
  // The types that TensorFlow.js brings are from before it.
  const { info } = adapter as GPUAdapter & { info: GPUAdapterInfo };
  const requiredFeatures = ['timestamp-query'].filter((name) => adapter.features.has(name)) as GPUFeatureName[];
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, limits[name]]));
  const device = await adapter.requestDevice({ requiredFeatures, requiredLimits });
  return { device, info, ...describe(info) };
}

function describe(info: GPUAdapterInfo): Pick<Gpu, 'words' | 'software'> {
  const { vendor, architecture, device, description } = info;
  const { isFallbackAdapter = false } = info as { isFallbackAdapter?: boolean };
  const software = isFallbackAdapter || isSoftwareGpu(vendor, architecture, device, description);
  const name = description || [vendor, architecture || device].filter(Boolean).join(' ') || 'a GPU without a name';
  return { words: software ? `${name}, in software` : name, software };
}
