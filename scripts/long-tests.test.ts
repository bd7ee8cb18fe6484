import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { workspaces } from './lib/reports.mjs';
import { root } from './lib/root.mjs';

const longTests = (folder: string) => {
  const source = join(root, folder, 'src');
  const files = existsSync(source) ? readdirSync(source, { recursive: true, encoding: 'utf8' }) : [];
  return files.filter((file) => file.endsWith('.long.test.ts'));
};

test.for(workspaces().filter((folder) => longTests(folder).length > 0))('npm run test:long runs %s', (folder) => {
  const { scripts } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  expect(scripts['test:long']).toContain('WSSS_SUITE=long vitest run');
});
