import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { forbiddenArrows } from './lib/arrows.mjs';
import { root } from './lib/root.mjs';

describe('arrows between the packages', () => {
  test('this repository has only those of the design', () => {
    expect(forbiddenArrows(root)).toEqual([]);
  });

  let folder = '';
  afterEach(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  const planted = (name: string, file: string, line: string, dependencies = {}) => {
    folder = mkdtempSync(join(tmpdir(), 'arrows-'));
    const source = join(folder, 'packages', name, 'src', file, '..');
    mkdirSync(source, { recursive: true });
    writeFileSync(join(folder, 'packages', name, 'package.json'), JSON.stringify({ dependencies }));
    writeFileSync(join(folder, 'packages', name, 'src', file), `${line}\n`);
    return forbiddenArrows(folder);
  };

  test.for([
    ['core', 'index.ts', "import { useBackend } from '@wsss/backend';"],
    ['core', 'a.test.ts', "import '@wsss/backend/gradients';"],
    ['cam', 'cam.ts', "import type { Lattice } from '@wsss/crf';"],
    ['cam', 'cam.ts', "const { resnet50 } = await import('@wsss/networks');"],
    ['cam', 'cam.ts', "import { fit } from '@wsss/train';"],
    ['cam', 'cam.ts', "import { useBackend } from '@wsss/backend';"],
    ['metrics', 'deep/iou.ts', "export { x } from '../../../core/src/errors';"],
    ['formats', 'index.ts', "import { expectClose } from '@wsss/testing';"],
    ['nonsense', 'index.ts', 'export {};'],
  ] as const)('is found: %s/src/%s: %s', ([name, file, line]) => {
    expect(planted(name, file, line)).toHaveLength(1);
  });

  test.for([
    ['cam', 'grad-cam.ts', "await import('@wsss/backend/gradients');"],
    ['cam', 'train/fit.ts', "import { fit } from '@wsss/train';"],
    ['networks', 'a.test.ts', "import '@wsss/backend/gradients';"],
    ['pipeline', 'index.ts', "import { trainSipe } from '@wsss/sipe/train';"],
    ['metrics', 'deep/iou.ts', "import { x } from '../matrix';"],
  ] as const)('is allowed: %s/src/%s: %s', ([name, file, line]) => {
    expect(planted(name, file, line)).toEqual([]);
  });

  test('a dependency alone is found as well', () => {
    expect(planted('sipe', 'index.ts', 'export {};', { '@wsss/core': '1', '@wsss/networks': '1' })).toEqual([
      'packages/sipe/package.json depends on @wsss/networks',
    ]);
  });
});
