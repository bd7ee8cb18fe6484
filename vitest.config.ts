import { configDefaults, defineConfig } from 'vitest/config';

// Run from the folder of a package: `vitest run --config ../../vitest.config.ts`.
// WSSS_SUITE=long takes the files named *.long.test.ts instead of the others; golden/ sets WSSS_SUITE=golden.
const suite = process.env.WSSS_SUITE ?? 'unit';
const long = '**/*.long.test.ts';

export default defineConfig({
  resolve: { conditions: ['@wsss/source', 'module', 'node', 'development|production'] },
  ssr: { resolve: { conditions: ['@wsss/source', 'module', 'node', 'development|production'] } },
  test: {
    include: suite === 'long' ? [long] : ['**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(suite === 'long' ? [] : [long])],
    passWithNoTests: suite === 'long',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: suite === 'long' ? 1_800_000 : 60_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: `.reports/${suite}.json` }]],
  },
});
