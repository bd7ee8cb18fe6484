import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { progressBar } from './progress-bar';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function stream(options: { isTTY?: boolean; columns?: number } = {}) {
  const written: string[] = [];
  return { ...options, written, write: (text: string) => written.push(text) };
}
const progress = (step: number) => ({
  step,
  steps: 661,
  epoch: 0,
  epochs: 5,
  loss: 0.21341,
  imagesPerSecond: 12.14,
  secondsLeft: 3671.2 - step,
});

describe('progressBar', () => {
  test('redraws one line on a terminal, at most ten times a second, and ends it', () => {
    const terminal = stream({ isTTY: true, columns: 120 });
    const bar = progressBar({ label: 'classifier', stream: terminal });
    bar(progress(330));
    bar(progress(331));
    vi.advanceTimersByTime(150);
    bar(progress(332));
    bar({ ...progress(661), secondsLeft: 0 });
    expect(terminal.written).toEqual([
      '\rclassifier ━━━━━━━━━━━━──────────── 49% 330/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 55:42 left',
      '\rclassifier ━━━━━━━━━━━━──────────── 50% 332/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 55:40 left',
      '\rclassifier ━━━━━━━━━━━━━━━━━━━━━━━━ 100% 661/661 · epoch 1/5 · loss 0.2134 · 12 img/s · in 0:01  \n',
    ]);
  });

  test('never wraps, and clears what was longer', () => {
    const narrow = stream({ isTTY: true, columns: 40 });
    const bar = progressBar({ stream: narrow });
    bar(progress(1));
    vi.advanceTimersByTime(150);
    bar({ step: 2 });
    expect(narrow.written[0]).toBe('\r0% 1/661 · epoch 1/5 · loss 0.2134 · 12');
    const usual = stream({ isTTY: true, columns: 80 });
    progressBar({ label: 'classifier', stream: usual })(progress(331));
    expect(usual.written[0]).toBe('\rclassifier ━━━─── 50% 331/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 55:41 left');
    expect(narrow.written[1]).toBe(`\r${'step 2'.padEnd(39)}`);
  });

  test('writes a plain line now and then where there is no terminal, and the last one always', () => {
    const file = stream();
    const bar = progressBar({ label: 'classifier', stream: file, every: 5 });
    for (let step = 1; step <= 661; step += 60) {
      bar(progress(step));
      vi.advanceTimersByTime(1000);
    }
    expect(file.written).toEqual([
      'classifier 0% 1/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 1:01:11 left\n',
      'classifier 45% 301/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 56:11 left\n',
      'classifier 90% 601/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 51:11 left\n',
      'classifier 100% 661/661 · epoch 1/5 · loss 0.2134 · 12 img/s · in 0:11\n',
    ]);
  });

  test('takes what little another loop knows', () => {
    const file = stream();
    progressBar({ stream: file })({ step: 3, steps: 3, imagesPerSecond: 0.5 });
    progressBar({ stream: file })({ step: 7, steps: undefined, loss: 1 });
    expect(file.written).toEqual(['100% 3/3 · 0.50 img/s · in 0:00\n', 'step 7 · loss 1.0000\n']);
  });
});
