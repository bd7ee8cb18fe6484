import type { HostTensor, TensorLike } from '@wsss/core';
import { hostTensor } from '@wsss/core';
import { readStateDict, saveBytes, writeSafetensors } from '@wsss/formats';

/** Maps of a photo, or a network's weights, as a `.safetensors` file; whole or not at all. */
export async function saveTensors(file: string, tensors: Readonly<Record<string, TensorLike>>): Promise<void> {
  await saveBytes(file, await writeSafetensors(new Map(Object.entries(tensors))));
}

/** Reads one of them back. */
export async function readTensor(file: string, name: string): Promise<HostTensor> {
  const found = (await readStateDict(file)).get(name)!;
  return hostTensor((await found.data()) as Float32Array, found.shape);
}
