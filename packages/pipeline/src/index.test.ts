import { expect, test } from 'vitest';
import * as pipeline from './index';

test('the names that are exported', () => {
  expect(Object.keys(pipeline).sort()).toMatchInlineSnapshot(`
    [
      "pseudoLabel",
      "report",
      "writeReport",
    ]
  `);
});
