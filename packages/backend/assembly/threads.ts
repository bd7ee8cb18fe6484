// The same for a memory that threads share: entry of the second binary. Each worker sits in `serve` and takes parts of
// whatever is to be done; the main thread hands jobs out with `run`, takes parts too, and waits for the rest.
export * from './index';
import { work } from './work';

// The board, 32-bit words, as byte offsets. The ticket tells how many parts are left (12 bits), how many threads may take
// one (6 bits), and the number of the job. All three change in one step, so that a worker that lags behind can
// take nothing but a part of the job that is on the board; and the job stays there until all its parts are done.
const TICKET: usize = 0;
const PARTS: u32 = 4095;
const READY: usize = 16;
const PENDING: usize = 64;
const JOB: usize = 128;

/** Looks before going to sleep: about 0.1 ms, longer than most gaps between the layers of a network. */
const PATIENCE: u32 = 20000;

@inline
function word(board: usize, index: usize): usize {
  return <usize>load<u32>(board + (index << 2), JOB);
}

/**
 * Waits while the word has this value, or until woken: callers look again. A browser's main thread may not sleep: it
 * keeps looking.
 */
function waitWhile(address: usize, value: u32, sleep: bool): void {
  let looks: u32 = 0;
  while (atomic.load<u32>(address) == value) {
    if (!sleep || ++looks <= PATIENCE) continue;
    // The last thing here: over this instruction the first compiler of Node 20 (V8 11.3) may lose a local variable.
    atomic.wait<i32>(address, value, -1);
    return;
  }
}

/** Takes a part that is left and does it. */
function takePart(board: usize, ticket: u32, thread: u32): void {
  if (atomic.cmpxchg<u32>(board, ticket, ticket - 1, TICKET) != ticket) return;
  const part = <i32>(ticket & PARTS) - 1;
  const scratch = word(board, 6) + thread * word(board, 7);
  work(<u32>word(board, 0), word(board, 1), word(board, 2), word(board, 3), word(board, 4), part, <i32>word(board, 5), scratch);
  if (atomic.sub<u32>(board, 1, PENDING) == 1) atomic.notify(board + PENDING, 1);
}

/** A worker's life: thread `index` ≥ 1. It ends with the process, or when it is terminated. */
export function serve(board: usize, index: u32): void {
  atomic.add<u32>(board, 1, READY);
  while (true) {
    const ticket = atomic.load<u32>(board, TICKET);
    if ((ticket & PARTS) != 0 && index < ((ticket >> 12) & 63)) takePart(board, ticket, index);
    else waitWhile(board + TICKET, ticket, true);
  }
}

/** Shares the job on the board out among `threads` threads, and returns when its `parts` (at most 4095) are done. */
export function run(board: usize, parts: u32, threads: u32, sleep: bool): void {
  atomic.store<u32>(board, parts, PENDING);
  const job = (atomic.load<u32>(board, TICKET) >> 18) + 1;
  atomic.store<u32>(board, (job << 18) | (threads << 12) | parts, TICKET);
  atomic.notify(board + TICKET, -1);
  while (true) {
    const ticket = atomic.load<u32>(board, TICKET);
    if ((ticket & PARTS) == 0) break;
    takePart(board, ticket, 0);
  }
  while (true) {
    const left = atomic.load<u32>(board, PENDING);
    if (left == 0) return;
    waitWhile(board + PENDING, left, sleep);
  }
}
