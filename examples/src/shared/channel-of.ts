import { type HostTensor, hostTensor } from '@wsss/core';

/** One class's map of several: channel `c` of `[h, w, C]`, as `[h, w]`. */
export function channelOf({ values, shape }: HostTensor, c: number): HostTensor {
  const [h, w, C] = shape as [number, number, number];
  return hostTensor(
    Float32Array.from({ length: h * w }, (_, i) => values[i * C + c]!),
    [h, w],
  );
}
