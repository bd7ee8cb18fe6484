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

const most = 24;
const least = 5;

/**
 * A progress bar with loss, images per second and time left, for `onProgress` of `fit` and for loops of one's own:
 * one line that redraws itself on a terminal, a plain line now and then elsewhere.
 *
 * @example
 * await fit({ …, onProgress: progressBar({ label: 'classifier' }) });
 * // classifier ━━━━━━━━━━━━──────────── 50% 332/661 · epoch 1/5 · loss 0.2134 · 12 img/s · 55:40 left
 */
export function progressBar(options: ProgressBarOptions = {}): (progress: Shown) => void {
  const { label = '', every = 10, stream = defaultStream() } = options;
  const start = performance.now();
  let last = Number.NEGATIVE_INFINITY;
  let width = 0;
  return (progress) => {
    const complete = progress.steps !== undefined && progress.step >= progress.steps;
    const now = performance.now();
    const pause = stream.isTTY ? 100 : every * 1000;
    if (!complete && now - last < pause) return;
    last = now;
    const time = complete ? `in ${duration((now - start) / 1000)}` : timeLeft(progress);
    const text = [counts(progress), ...facts(progress), time].filter(Boolean).join(' · ');
    if (!stream.isTTY) {
      stream.write(`${[label, text].filter(Boolean).join(' ')}\n`);
      return;
    }
    // One column stays free: some terminals wrap when the last one is written.
    // A terminal that does not know its width says 0.
    const columns = (stream.columns || 80) - 1;
    const bar = drawBar(progress, columns - text.length - (label ? label.length + 2 : 1));
    const line = [label, bar, text].filter(Boolean).join(' ').slice(0, columns);
    stream.write(`\r${line.padEnd(width)}${complete ? '\n' : ''}`);
    width = line.length;
  };
}

/** As long as there is room, or nothing. */
function drawBar({ step, steps }: Shown, room: number): string {
  if (steps === undefined || room < least) return '';
  const cells = Math.min(room, most);
  const filled = Math.round((cells * Math.min(step, steps)) / Math.max(steps, 1));
  return '━'.repeat(filled) + '─'.repeat(cells - filled);
}

function counts({ step, steps }: Shown): string {
  if (steps === undefined) return `step ${step}`;
  return `${Math.floor((100 * step) / Math.max(steps, 1))}% ${step}/${steps}`;
}

function facts({ epoch, epochs, loss, imagesPerSecond }: Shown): string[] {
  return [
    epoch === undefined ? '' : `epoch ${epoch + 1}${epochs === undefined ? '' : `/${epochs}`}`,
    loss === undefined ? '' : `loss ${loss.toFixed(4)}`,
    imagesPerSecond === undefined ? '' : `${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 2 : 0)} img/s`,
  ];
}

function timeLeft({ secondsLeft }: Shown): string {
  return secondsLeft === undefined ? '' : `${duration(secondsLeft)} left`;
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
