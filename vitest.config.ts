import { configDefaults, defineConfig } from 'vitest/config';

// Run from the folder of a package: `vitest run --config ../../vitest.config.ts`.
// WSSS_SUITE=long takes the files named *.long.test.ts instead of the others, WSSS_SUITE=lane those named
// *.lane.test.ts, which the lanes of scripts/lanes run; golden/ sets WSSS_SUITE=golden. The results are written to
// .reports, named by the suite, or by WSSS_REPORT, so that a lane does not overwrite another run's.
const suite = process.env.WSSS_SUITE ?? 'unit';
const apart = { long: '**/*.long.test.ts', lane: '**/*.lane.test.ts' };
const own = Object.entries(apart).find(([name]) => name === suite)?.[1];

export default defineConfig({
  resolve: { conditions: ['@wsss/source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['@wsss/source', 'module', 'node', 'development|production'] } },
  test: {
    include: [own ?? '**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(own ? [] : Object.values(apart))],
    passWithNoTests: suite === 'long',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: own ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: `.reports/${process.env.WSSS_REPORT ?? suite}.json` }]],
  },
});
