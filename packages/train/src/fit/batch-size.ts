import { ValueError } from '@wsss/core';

/** Images in a batch: the first size of the first tensor in it, its length if it is a list, or 1. */
export function batchSize(batch: unknown): number {
  return sizeOf(batch) ?? 1;
}

function sizeOf(value: unknown): number | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  const { shape } = value as { shape?: unknown };
  if (Array.isArray(shape)) return shape.length > 0 && typeof shape[0] === 'number' ? shape[0] : undefined;
  if (Array.isArray(value)) return value.length;
  if (ArrayBuffer.isView(value)) return undefined;
  for (const entry of Object.values(value)) {
    const size = sizeOf(entry);
    if (size !== undefined) return size;
  }
  return undefined;
}

/** Checks what the caller's own `size` says. */
export function checkSize(size: number): number {
  if (!(Number.isFinite(size) && size > 0)) throw new ValueError('fit', 'size', 'to be positive for every batch', size);
  return size;
}
