import { expect, test } from 'vitest';
import * as formats from './index';

test('the names that are exported', () => {
  expect(Object.keys(formats).sort()).toMatchInlineSnapshot(`
    [
      "crc32",
      "deflate",
      "inflate",
      "readBytes",
      "readNpy",
      "readStateDict",
      "saveBytes",
      "writeNpy",
      "writeSafetensors",
      "writeStateDict",
    ]
  `);
});
