import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { generate } from '../assembly/build.mjs';

test('src/generated is what assembly/ compiles to', async () => {
  expect(readFileSync(new URL('./generated/sipe-wasm.ts', import.meta.url), 'utf8')).toBe(await generate());
});
