import type { BackendInfo } from './backend-definition';

/** What a backend was started from. */
export interface StartedBackend extends BackendInfo {
  readonly packageVersion?: { readonly name: string; readonly version?: string };
  /** Whether it is a GPU that the processor stands in for. */
  readonly software?: boolean;
}

const started = new Map<string, StartedBackend>();

export function rememberBackend(info: StartedBackend): void {
  started.set(info.name, info);
}

/** What `useBackend` found when it started this backend. */
export function startedBackend(name: string): StartedBackend | undefined {
  return started.get(name);
}
