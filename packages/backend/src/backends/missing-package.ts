import { BackendError } from '@wsss/core';

/**
 * What to throw for an `import()` of an optional peer dependency that failed: a `BackendError` that names the package,
 * if it is absent, else what was thrown. Bundlers let an import fail at run time only where they see it in a `try`, so
 * that each backend writes its own.
 */
export function missingPackage(backend: string, name: string, cause: unknown): unknown {
  if (!isMissing(cause, name)) return cause;
  return new BackendError(backend, `the package ${name} is not installed`, `npm install ${name}`, { cause });
}

function isMissing(error: unknown, name: string): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message !== 'string' || !message.includes(name)) return false;
  // Browsers give no code, but these words.
  return (
    code === 'ERR_MODULE_NOT_FOUND' ||
    code === 'MODULE_NOT_FOUND' ||
    /resolve module specifier|bare specifier|cannot find package|failed to (load|resolve)|could not resolve/i.test(
      message,
    )
  );
}
