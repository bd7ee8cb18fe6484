import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** A package that is published. */
export interface Published {
  readonly name: string;
  readonly folder: string;
  /** What can be imported: `@wsss/core`, `@wsss/core/tensor` … */
  readonly entries: readonly string[];
  /** Packages of this repository that it depends on, itself included, however indirectly. */
  readonly closure: readonly string[];
  /** Peers that npm does not install by itself. */
  readonly optionalPeers: Readonly<Record<string, string>>;
}

interface Manifest {
  name: string;
  private?: boolean;
  exports: Record<string, unknown>;
  dependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** All packages of this repository that are not private. */
export function publishedPackages(): Published[] {
  const folder = join(repository, 'packages');
  const manifests = readdirSync(folder)
    .map((name) => join(folder, name, 'package.json'))
    .filter((file) => existsSync(file))
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Manifest)
    .filter((manifest) => !manifest.private);
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]));
  return manifests.map((manifest) => ({
    name: manifest.name,
    folder: join(folder, manifest.name.slice('@wsss/'.length)),
    entries: Object.keys(manifest.exports)
      .filter((entry) => entry !== './package.json')
      .map((entry) => manifest.name + entry.slice(1)),
    closure: [...closureOf(manifest.name, byName)],
    optionalPeers: Object.fromEntries(
      Object.entries(manifest.peerDependencies ?? {}).filter(
        ([peer]) => manifest.peerDependenciesMeta?.[peer]?.optional,
      ),
    ),
  }));
}

function closureOf(name: string, byName: ReadonlyMap<string, Manifest>, seen = new Set<string>()): Set<string> {
  const manifest = byName.get(name);
  if (!manifest || seen.has(name)) return seen;
  seen.add(name);
  for (const dependency of Object.keys(manifest.dependencies ?? {})) closureOf(dependency, byName, seen);
  return seen;
}
