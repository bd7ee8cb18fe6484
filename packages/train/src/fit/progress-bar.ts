import type { Progress } from './progress';

/** What a bar can show; only `step` is needed, so that it serves other loops as well as `fit`. */
export type Shown = Pick<Progress, 'step'> & Partial<Omit<Progress, 'step'>>;

/** A terminal, as far as the bar needs it; Node's `process.stderr` is one. */
export interface BarStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Options of {@link progressBar}. */
export interface ProgressBarOptions {
  /** What is being done, in front of the bar. @default '' */
  readonly label?: string;
  /** @default process.stderr in Node, the console elsewhere */
  readonly stream?: BarStream;
  /** Seconds between plain lines, where the stream is not a terminal. @default 10 */
  readonly every?: number;
}

const cells = 24;

/**
 * A progress bar with loss, images per second and time left, for `onProgress` of `fit` and for loops of one's own:
 * one line that redraws itself on a terminal, a plain line now and then elsewhere.
 *
 * @example
 * await fit({ …, onProgress: progressBar({ label: 'classifier' }) });
 * // classifier ━━━━━━━━━━━━──────────── 50% 330/661 · epoch 1/5 · loss 0.2134 · 12.1 img/s · 5:08 left
 */
export function progressBar(options: ProgressBarOptions = {}): (progress: Shown) => void {
  const { label = '', every = 10, stream = defaultStream() } = options;
  let last = Number.NEGATIVE_INFINITY;
  let width = 0;
  return (progress) => {
    const complete = progress.steps !== undefined && progress.step >= progress.steps;
    const now = performance.now();
    const pause = stream.isTTY ? 100 : every * 1000;
    if (!complete && now - last < pause) return;
    last = now;
    if (!stream.isTTY) {
      stream.write(`${line(label, progress, '')}\n`);
      return;
    }
    const text = line(label, progress, drawBar(progress)).slice(0, (stream.columns ?? 80) - 1);
    stream.write(`\r${text.padEnd(width)}${complete ? '\n' : ''}`);
    width = text.length;
  };
}

function drawBar({ step, steps }: Shown): string {
  if (steps === undefined) return '';
  const filled = Math.round((cells * Math.min(step, steps)) / Math.max(steps, 1));
  return '━'.repeat(filled) + '─'.repeat(cells - filled);
}

function line(label: string, progress: Shown, bar: string): string {
  const { step, steps, epoch, epochs, loss, imagesPerSecond, secondsLeft } = progress;
  const percent = steps === undefined ? '' : `${Math.floor((100 * step) / Math.max(steps, 1))}%`.padStart(4);
  const head = [label, bar, percent, steps === undefined ? `step ${step}` : `${step}/${steps}`]
    .filter(Boolean)
    .join(' ')
    .trimStart();
  const facts = [head];
  if (epoch !== undefined) facts.push(`epoch ${epoch + 1}${epochs === undefined ? '' : `/${epochs}`}`);
  if (loss !== undefined) facts.push(`loss ${loss.toFixed(4)}`);
  if (imagesPerSecond !== undefined) facts.push(`${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 2 : 0)} img/s`);
  if (secondsLeft !== undefined) facts.push(`${duration(secondsLeft)} left`);
  return facts.join(' · ');
}

/** 0:07, 12:34, 3:04:05. */
function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => `${n}`.padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

function defaultStream(): BarStream {
  const node = (globalThis as { process?: { stderr?: BarStream } }).process?.stderr;
  if (node) return node;
  return { write: (text) => console.log(text.trimEnd()) };
}
