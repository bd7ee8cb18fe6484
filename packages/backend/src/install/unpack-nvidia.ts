import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { installError } from './install-error';
import { nvidiaRequirements } from './nvidia-requirements';
import { openWheel, type Wheel } from './wheel';

/** Libraries, what they run, and what that reads; no headers, no Python. */
const NEEDED = /^nvidia\/.+\/(lib|bin|nvvm)\/.*[^/]$/;

/**
 * Takes NVIDIA's libraries out of the wheels that TensorFlow's names, into where its library looks for them: beside the
 * folder that it is in (`$ORIGIN/../nvidia/cublas/lib`).
 *
 * @param download From `name==version` to the path of the wheel, which is removed afterwards.
 */
export async function unpackNvidia(
  wheel: Wheel,
  deps: string,
  download: (requirement: string) => Promise<string>,
): Promise<void> {
  const requirements = nvidiaRequirements(await wheel.metadata());
  if (requirements.length === 0) {
    throw installError(`TensorFlow ${wheel.version} names no wheels of NVIDIA's libraries`, 'From 2.14 on it does');
  }
  for (const requirement of requirements) {
    const file = await download(requirement);
    const nvidia = await openWheel(file);
    for (const name of nvidia.archive.names()) {
      if (!NEEDED.test(name)) continue;
      const target = join(deps, name);
      mkdirSync(dirname(target), { recursive: true });
      await nvidia.extract(name, target);
    }
    rmSync(file);
  }
}
