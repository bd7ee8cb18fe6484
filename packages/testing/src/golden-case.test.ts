import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { listGoldenCases } from './golden-case';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'golden-'));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (folder: string, name: string, sidecar: unknown = {}) => {
  mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, folder, `${name}.json`), JSON.stringify(sidecar));
  writeFileSync(join(root, folder, `${name}.safetensors`), '');
};

test('kinds come from the folder and the name, for crf from the sidecar', () => {
  write('psa', 'h_miou_9');
  write('psa', 'a_b_c');
  write('sipe', 'h_x');
  write('cam', 'gradCam_8x9');
  write('crf', 'lattice_d3');
  write('crf', 'utils');
  write('crf', 'anything', { iterations: [3] });
  write('crf', 'mystery');
  expect(listGoldenCases(root).map(({ id, kind }) => [id, kind])).toEqual([
    ['crf/anything', 'crf/inference'],
    ['crf/lattice_d3', 'crf/lattice'],
    ['crf/mystery', 'crf/unknown'],
    ['crf/utils', 'crf/utils'],
    ['psa/a_b_c', 'psa/a'],
    ['psa/h_miou_9', 'psa/h'],
    ['sipe/h_x', 'sipe/h'],
    ['cam/gradCam_8x9', 'cam/gradCam'],
  ]);
});

test('the index is no case, but says tolerances', () => {
  write('sipe', 'h_x');
  write('sipe', 'h_y');
  const files = [{ file: 'h_x.safetensors', suggested_tolerance: { abs: 1e-5, rel_of_max: 0 } }];
  writeFileSync(join(root, 'sipe', 'index.json'), JSON.stringify({ files }));
  writeFileSync(join(root, 'sipe', 'README.md'), '');
  writeFileSync(join(root, 'sipe', 'versions.json'), '{}');
  expect(listGoldenCases(root).map(({ id, tolerance }) => [id, tolerance])).toEqual([
    ['sipe/h_x', { abs: 1e-5, rel: 0 }],
    ['sipe/h_y', undefined],
  ]);
});

test('a missing half of a case is an error with the name of the file', () => {
  write('psa', 'h_x', { case: 'h_x' });
  rmSync(join(root, 'psa', 'h_x.safetensors'));
  expect(() => listGoldenCases(root)[0]!.load()).toThrow('h_x.safetensors');
  write('psa', 'h_x');
  rmSync(join(root, 'psa', 'h_x.json'));
  expect(() => listGoldenCases(root)).toThrow('h_x.json');
});

test('an empty folder has no cases', () => {
  expect(listGoldenCases(root)).toEqual([]);
  expect(listGoldenCases(join(root, 'nowhere'))).toEqual([]);
});
