/** Rates of what no change of a WebAssembly compiler touches, on this machine. */
export interface ReferenceRates {
  /** Multiplications and additions that wait for each other: thousands of millions a second; it tells the clock. */
  readonly chain: number;
  /** Bytes read and written by copies of 2 MiB: thousands of millions a second. */
  readonly copy: number;
}

const LINKS = 400_000;
const COPIED = 2 ** 21;

/** One value in a register, each step waiting for the one before: nothing can be spilled, or done at once. */
function chain(links: number, factor: number, term: number): number {
  let s = 1;
  for (let i = 0; i < links; i++) s = s * factor + term;
  return s;
}

const seconds = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** Measures both once. */
export function referenceRates(): ReferenceRates {
  const [from, to] = [source, target];
  return {
    chain:
      (2 * LINKS) /
      seconds(() => {
        sink += chain(LINKS, 0.999, 0.001);
      }) /
      1e9,
    copy: (2 * COPIED) / seconds(() => to.set(from)) / 1e9,
  };
}

const source = new Float32Array(COPIED / 4).fill(1);
const target = new Float32Array(COPIED / 4);
/** Keeps the results alive. */
export let sink = 0;
