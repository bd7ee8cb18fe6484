import { progressBar } from '@wsss/train';

/** Yields the items one by one and shows a progress bar with the time left. */
export function* tracked<T>(label: string, items: readonly T[]): Generator<T> {
  const show = progressBar({ label });
  const start = performance.now();
  for (const [done, item] of items.entries()) {
    yield item;
    const seconds = (performance.now() - start) / 1000;
    const step = done + 1;
    show({
      step,
      steps: items.length,
      imagesPerSecond: step / Math.max(seconds, 1e-3),
      secondsLeft: (seconds / step) * (items.length - step),
    });
  }
}
