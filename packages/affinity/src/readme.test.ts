import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'node:util';
import { afterAll, describe, expect, test, vi } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = join(root, '.reports', 'readme');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const blocks = [...readme.matchAll(/```js\n(.*?)```\n\n```\n(.*?)```/gs)].map(([, code, printed]) => ({
  code,
  printed,
}));

describe('the examples of the README print what it says', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('there are some, and none without its output', () => {
    expect(blocks.length).toBeGreaterThan(2);
    expect(readme.match(/```js\n/g)!.length).toBe(blocks.length);
  });

  test.for(blocks.map((block, index) => ({ ...block, index })))('example $index', async ({ code, printed, index }) => {
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `example-${index}.js`);
    writeFileSync(file, code!);
    const lines: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((...args) => void lines.push(format(...args)));
    try {
      await import(file);
    } finally {
      log.mockRestore();
    }
    expect(`${lines.join('\n')}\n`).toBe(printed);
  });
});
