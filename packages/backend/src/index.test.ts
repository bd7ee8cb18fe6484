import { expect, test } from 'vitest';
import * as backend from './index';

test('exports', () => {
  expect(Object.keys(backend).sort()).toMatchInlineSnapshot(`
    [
      "backendReport",
      "profile",
      "useBackend",
      "verifyBackend",
    ]
  `);
});
