const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;

interface Emitter {
  listeners(event: string): ((...args: unknown[]) => void)[];
  off(event: string, listener: (...args: unknown[]) => void): unknown;
}

/**
 * Runs a function and takes away the process listeners that it added: the loader of the WASM backend adds one that
 * turns every unhandled rejection of the whole program into a crash without its stack.
 */
export async function keepListeners<T>(run: () => Promise<T>): Promise<T> {
  const emitter = (globalThis as { process?: Partial<Emitter> }).process;
  if (!emitter?.listeners || !emitter.off) return run();
  const { listeners, off } = { listeners: emitter.listeners.bind(emitter), off: emitter.off.bind(emitter) };
  const before = new Map(EVENTS.map((event) => [event, new Set(listeners(event))]));
  try {
    return await run();
  } finally {
    for (const event of EVENTS) {
      for (const listener of listeners(event)) {
        // Only what the loader wrote: a listener that the program itself added meanwhile stays.
        if (!before.get(event)?.has(listener) && /ExitStatus|throw/.test(String(listener))) off(event, listener);
      }
    }
  }
}
