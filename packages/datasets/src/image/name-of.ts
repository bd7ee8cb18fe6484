import type { BinaryInput } from '@wsss/formats';

/** What messages call an input. */
export function nameOf(input: BinaryInput): string {
  if (typeof input === 'string') return input;
  if (input instanceof URL) return input.protocol === 'file:' ? decodeURIComponent(input.pathname) : input.href;
  const { name } = input as { name?: unknown };
  return typeof name === 'string' && name !== '' ? name : 'bytes';
}
