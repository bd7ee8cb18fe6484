import { dtypeOf } from './typed-array';

/** A value in a few words, for an error message: short, on one line, never throws. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `'${shorten(value)}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `a function${value.name ? ` '${value.name}'` : ''}`;
  if (value === null || typeof value !== 'object') return String(value);
  const dtype = dtypeOf(value);
  if (dtype) return `${(value as unknown as ArrayLike<unknown>).length} values of ${dtype}`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 8).map(describe).join(', ');
    return shorten(`[${shown}${value.length > 8 ? `, … ${value.length} in all` : ''}]`, 200);
  }
  const { shape, dtype: name } = value as { shape?: unknown; dtype?: unknown };
  if (Array.isArray(shape) && typeof name === 'string') return `a tensor [${shape.join(', ')}] of ${name}`;
  return `an object with ${Object.keys(value).slice(0, 6).join(', ') || 'no keys'}`;
}

function shorten(text: string, most = 80): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
