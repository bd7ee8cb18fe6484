import { defineConfig } from 'vitest/config';
import shared from '../vitest.config';

// `npm run test:golden` takes the tests of the reference cases, `npm test` those of the suite itself.
const golden = process.env.WSSS_SUITE === 'golden';
const summary = golden ? ['./src/suite/golden-reporter.ts'] : [];

export default defineConfig({
  ...shared,
  test: {
    ...shared.test,
    include: golden ? ['src/{crf,psa,sipe,cam}/**/*.test.ts'] : ['src/suite/**/*.test.ts'],
    // With WSSS_GOLDEN there may be no case of a kind.
    passWithNoTests: golden,
    reporters: [...[shared.test?.reporters ?? []].flat(), ...summary],
  },
});
