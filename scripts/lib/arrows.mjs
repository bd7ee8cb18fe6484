import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What each package may import of the others (DESIGN: arrows point down only, none between stages, none from a stage to
 * networks). An entry `package/entry` allows that entry alone; a key `package/entry` is for the files of that entry.
 */
export const ARROWS = {
  core: [],
  backend: ['core'],
  train: ['core', 'backend'],
  formats: ['core'],
  networks: ['core', 'formats'],
  datasets: ['core', 'formats'],
  metrics: ['core'],
  crf: ['core'],
  cam: ['core', 'backend/gradients'],
  'cam/train': ['core', 'train', 'backend/gradients'],
  sipe: ['core'],
  'sipe/train': ['core', 'train'],
  affinity: ['core'],
  'affinity/train': ['core', 'train'],
  segmentation: ['core'],
  'segmentation/train': ['core', 'train'],
  pipeline: [
    ...['core', 'backend', 'train', 'formats', 'networks', 'datasets', 'metrics', 'crf'],
    ...['cam', 'sipe', 'affinity', 'segmentation'].flatMap((stage) => [stage, `${stage}/train`]),
  ],
  testing: [],
};

const imports = /(?:\bfrom|\bimport|\bimport\()\s*['"](@wsss\/[^'"]+|\.\.?\/[^'"]*)['"]/g;

/**
 * Every import and every dependency that ARROWS does not allow.
 *
 * @param root A folder laid out as this repository.
 * @returns One sentence per violation; empty when all is well.
 */
export function forbiddenArrows(root) {
  const found = [];
  for (const name of readdirSync(join(root, 'packages'))) {
    const folder = join(root, 'packages', name);
    if (!existsSync(join(folder, 'package.json'))) continue;
    if (!ARROWS[name]) {
      found.push(`packages/${name} is not in the table of arrows (scripts/lib/arrows.mjs)`);
      continue;
    }
    found.push(...forbiddenDependencies(folder, name), ...forbiddenImports(folder, name));
  }
  return found;
}

/** What all entries of a package together may depend on, as names of packages. */
function reachable(name) {
  const own = [name, `${name}/train`].flatMap((key) => ARROWS[key] ?? []);
  return new Set(own.map((arrow) => arrow.split('/')[0]));
}

function forbiddenDependencies(folder, name) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const allowed = reachable(name);
  const names = (kind) => Object.keys(manifest[kind] ?? {}).filter((key) => key.startsWith('@wsss/'));
  const shipped = [...names('dependencies'), ...names('peerDependencies'), ...names('optionalDependencies')]
    .map((key) => key.slice('@wsss/'.length))
    .filter((other) => !allowed.has(other));
  // Tests may use the test helpers, and the gradients where training is what they check.
  const dev = names('devDependencies')
    .map((key) => key.slice('@wsss/'.length))
    .filter((other) => !allowed.has(other) && other !== 'testing' && !(other === 'backend' && name !== 'core'));
  return [...shipped, ...dev].map((other) => `packages/${name}/package.json depends on @wsss/${other}`);
}

function forbiddenImports(folder, name) {
  const source = join(folder, 'src');
  const found = [];
  for (const file of existsSync(source) ? readdirSync(source, { recursive: true }) : []) {
    if (!/\.(ts|mts|tsx)$/.test(file)) continue;
    const test = /\.(test|bench)\.ts$/.test(file);
    // The files of an entry of its own: src/train.ts and src/train/….
    const entry = /^train(\.ts$|[/\\])/.test(file) ? `${name}/train` : name;
    const allowed = ARROWS[entry] ?? ARROWS[name];
    for (const [, specifier] of readFileSync(join(source, file), 'utf8').matchAll(imports)) {
      if (specifier.startsWith('.')) {
        const climbs = specifier.split('/').filter((part) => part === '..').length;
        // A test may look at what its package is made from, beside src.
        const beyond = test ? 1 : 0;
        if (climbs - beyond > file.split(/[/\\]/).length - 1)
          found.push(`packages/${name}/src/${file} imports ${specifier}, outside of src`);
        continue;
      }
      const [, other, sub] = specifier.split('/');
      // Naming itself is no arrow.
      const fits =
        other === name ||
        allowed.some((arrow) =>
          arrow.includes('/') ? arrow === `${other}/${sub}` : arrow === other && sub !== 'train',
        );
      const inTest = test && (other === 'testing' || (other === 'backend' && name !== 'core'));
      if (!fits && !inTest) found.push(`packages/${name}/src/${file} imports ${specifier}`);
    }
  }
  return found;
}
