import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CRF_JOB } from './crf-job';
import { pack } from './pack';
import { makeProject } from './project';
import { publishedPackages } from './published';
import { expectCommand } from './run-command';
import { installRuntimes } from './runtimes';

// @wsss/crf from its tarball in Deno and Bun, which npm has too.
const folder = mkdtempSync(join(tmpdir(), 'wsss-runtimes-'));
const runtimes = await installRuntimes(folder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.for(runtimes)('@wsss/crf in $name', ({ command, missing }) => {
  const project = join(folder, 'project');
  beforeAll(async () => {
    if (missing) return;
    const packages = publishedPackages().filter(({ name }) => ['@wsss/core', '@wsss/crf'].includes(name));
    await makeProject(project, Object.fromEntries(await pack(packages, folder)));
    writeFileSync(join(project, 'job.js'), CRF_JOB);
    writeFileSync(join(project, 'run.mjs'), "import { job } from './job.js'; console.log(await job(2));");
  }, 120_000);

  test.skipIf(missing)(
    `gives the numbers of Node, on two threads${missing ? ` (skipped: ${missing})` : ''}`,
    async () => {
      const [program = '', ...args] = command;
      const inNode = await expectCommand('node', ['run.mjs'], project);
      expect(inNode).toMatch(/^wasm 2 (-?[\d.]+) \1 \1\n$/);
      expect(await expectCommand(program, [...args, 'run.mjs'], project)).toBe(inNode);
    },
  );
});
