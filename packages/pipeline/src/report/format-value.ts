/** How a number is written: as it is, as a share in percent, or as a time. */
export type ValueFormat = 'text' | 'number' | 'percent' | 'seconds';

/**
 * A value as people read it. `null` and what is not finite are written as such, never left out.
 *
 * @param digits Digits after the point. @default 1 for percent; for numbers, as many as show three figures
 */
export function formatValue(value: string | number | null, format: ValueFormat = 'number', digits?: number): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? '∞' : '−∞';
  if (format === 'percent') return `${signed(value * 100, digits ?? 1)} %`;
  if (format === 'seconds') return formatSeconds(value);
  if (Number.isInteger(value) && digits === undefined) return grouped(value);
  return signed(value, digits ?? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value) || 1)))));
}

/** `12 ms`, `3.42 s`, `48 s`, `2 min 05 s`, `1 h 04 min`. */
export function formatSeconds(seconds: number): string {
  if (seconds < 0.9995) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 9.995) return `${seconds.toFixed(2)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

function signed(value: number, digits: number): string {
  const text = Math.abs(value).toFixed(digits);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** Thousands apart, by a thin space: 12 345. */
function grouped(value: number): string {
  const text = String(Math.abs(value)).replace(/\B(?=(\d{3})+$)/g, '\u202f');
  return value < 0 ? `−${text}` : text;
}
