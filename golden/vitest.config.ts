import { defineConfig } from 'vitest/config';
import shared from '../vitest.config.ts';

// `npm run test:golden` takes the tests of the reference cases, `npm test` those of the suite itself.
const golden = process.env.WSSS_SUITE === 'golden';
const reports = process.env.WSSS_REPORTS ?? '.reports';

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: golden ? ['src/{crf,psa,sipe,cam,segmentation}/**/*.test.ts'] : ['src/suite/**/*.test.ts'],
    // With WSSS_GOLDEN there may be no case of a kind.
    passWithNoTests: golden,
    globalSetup: golden ? ['./src/suite/global-setup.ts'] : [],
    reporters: golden
      ? ['default', ['json', { outputFile: `${reports}/golden.json` }], './src/suite/golden-reporter.ts']
      : shared.test?.reporters,
  },
});
