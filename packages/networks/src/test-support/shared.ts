import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The folder with photos and weights beside the repository; tests that need it are skipped without it. */
export const SHARED = fileURLToPath(new URL('../../../../../shared', import.meta.url));

export const shared = (path: string) => `${SHARED}/${path}`;

export const haveWeights = existsSync(shared('data/weights/expected.json'));
