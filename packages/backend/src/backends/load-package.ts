import { BackendError } from '@wsss/core';

/**
 * Imports an optional peer dependency.
 *
 * @throws {BackendError} that names the package to install, if it is absent. What the package throws itself passes on.
 */
export async function loadPackage<T>(backend: string, name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new BackendError(backend, `the package ${name} is not installed`, `npm install ${name}`, { cause: error });
  }
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message !== 'string' || !message.includes(name)) return false;
  // Browsers give no code, but these words.
  return (
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'MODULE_NOT_FOUND' ||
    /resolve module specifier|bare specifier/i.test(message)
  );
}
