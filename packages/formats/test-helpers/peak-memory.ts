import { existsSync, readFileSync } from 'node:fs';

/**
 * The most memory that this process had at once, in megabytes. On Linux since its program began; `maxRSS` counts the
 * process that started it too.
 */
export function peakMemory(): number {
  const status = '/proc/self/status';
  const peak = existsSync(status) ? /^VmHWM:\s*(\d+) kB/m.exec(readFileSync(status, 'utf8'))?.[1] : undefined;
  return Number(peak ?? process.resourceUsage().maxRSS) / 1024;
}
