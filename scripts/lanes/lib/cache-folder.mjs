import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a lane keeps between runs what it installed: `WSSS_LANES`, or in the user's cache. */
export function cacheFolder() {
  const { env } = process;
  return env.WSSS_LANES ?? join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'wsss', 'lanes');
}
