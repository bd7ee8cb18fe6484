import { installError } from './install-error';

/**
 * The wheels with NVIDIA's libraries that a wheel of TensorFlow names for its extra `and-cuda`: `name==version`. Where it
 * names a range, from 2.20 on, the least of it, which is what it was built with.
 *
 * @throws {BackendError} if a line names no version to begin with.
 */
export function nvidiaRequirements(metadata: string): string[] {
  return metadata
    .split('\n')
    .filter((line) => /^Requires-Dist: nvidia-/.test(line) && /extra == ["']and-cuda["']/.test(line))
    .map((line) => {
      const [, name, versions = ''] = /^Requires-Dist: ([\w-]+)\s*\(?([^;)]*)/.exec(line) ?? [];
      const [, version] = /(?:^|,)\s*(?:==|>=|~=)\s*([\w.]+)/.exec(versions) ?? [];
      if (!version) throw installError(`of NVIDIA's libraries it names no version: ${line.trim()}`);
      return `${name}==${version}`;
    });
}
