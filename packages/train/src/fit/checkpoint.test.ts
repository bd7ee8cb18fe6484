import '@tensorflow/tfjs-backend-cpu';
import '@wsss/backend/gradients';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  mean,
  memory,
  type Scalar,
  setBackend,
  square,
  sub,
  tensor1d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { FormatError, type HostTensor, hostTensor, ShapeError, ValueError } from '@wsss/core';
import { asTensor } from '@wsss/core/tensor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckpointStore } from '../checkpoint/checkpoint-store';
import { folderStore } from '../checkpoint/folder-store';
import { adamW } from '../optimizers/adam-w';
import { ema } from '../optimizers/ema';
import { fit } from './fit';
import type { FitOptions } from './options';

const data = [1, 2, 3, 4].map((v) => hostTensor(Float32Array.of(v, -v), [2]));
const start = (values = [0.5, 0.25]) => tidy(() => variable(tensor1d(values)));
const loss = (w: Variable) => (x: HostTensor) => mean(square(sub(w, asTensor(x)))) as Scalar;
let folder: string;

beforeAll(async () => {
  await setBackend('cpu');
  folder = await mkdtemp(join(tmpdir(), 'wsss-checkpoint-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A store that keeps every version. */
function versions(from?: Uint8Array): CheckpointStore & { written: Uint8Array[] } {
  const written = from ? [from] : [];
  return {
    written,
    read: async () => written.at(-1),
    async write(chunks) {
      const parts: Buffer[] = [];
      for await (const chunk of chunks) parts.push(Buffer.from(chunk));
      written.push(Buffer.concat(parts));
    },
  };
}

interface Run {
  w?: Variable;
  store?: CheckpointStore;
  options?: Partial<FitOptions<HostTensor>>;
}

async function run({ w = start(), store, options = {} }: Run = {}) {
  const parameters = new Map([['w', w]]);
  const optimizer = adamW({ parameters, learningRate: 0.1 });
  const average = ema(parameters, 0.5);
  const length = options.steps ? {} : { epochs: 2 };
  const checkpoint = store ? { checkpoint: { store, every: 1 } } : {};
  try {
    const history = await fit({ data, loss: loss(w), optimizer, ema: average, ...length, ...checkpoint, ...options });
    return { history, w: [...(await w.data())], average: [...(await average.values.get('w')!.data())] };
  } finally {
    optimizer.dispose();
    average.dispose();
    w.dispose();
  }
}

describe('checkpoints of fit', () => {
  test('from each of them the run ends alike, history and evaluations included', async () => {
    const evaluate = ({ step }: { step: number }) => ({ step });
    const store = versions();
    const whole = await run({ store, options: { evaluate } });
    expect(whole).toEqual(await run({ options: { evaluate } }));
    // Eight steps, and the two evaluations after the fourth and the eighth.
    expect(store.written).toHaveLength(10);
    const plain = versions();
    await run({ store: plain });
    expect(plain.written).toHaveLength(9);
    const before = memory().numTensors;
    for (const bytes of store.written) {
      expect(await run({ w: start([9, 9]), store: versions(bytes), options: { evaluate } })).toEqual(whole);
    }
    expect(memory().numTensors).toBe(before);
  });

  test('are written at the end of each epoch where nothing else is asked, and a finished run is not repeated', async () => {
    const store = versions();
    const whole = await run({ options: { checkpoint: { store } } });
    expect(store.written).toHaveLength(2);
    let steps = 0;
    const again = await run({ options: { checkpoint: { store }, onProgress: () => steps++ } });
    expect([again, steps, store.written.length]).toEqual([whole, 0, 2]);
    const longer = await run({ options: { checkpoint: { store }, epochs: 3, onProgress: () => steps++ } });
    expect([longer.history.steps, steps]).toEqual([12, 4]);
    expect(longer).toEqual(await run({ options: { epochs: 3 } }));
  });

  test('are written on abort, from which the run goes on', async () => {
    const store = versions();
    const controller = new AbortController();
    const options: Run['options'] = {
      checkpoint: { store },
      signal: controller.signal,
      onProgress: ({ step }) => {
        if (step === 3) controller.abort();
      },
    };
    await expect(run({ options })).rejects.toMatchObject({ name: 'AbortError' });
    expect(store.written).toHaveLength(1);
    expect(await run({ options: { checkpoint: { store } } })).toEqual(await run());
  });

  test('carry state of the caller', async () => {
    const store = versions();
    let drawn = 5;
    const state = {
      save: () => ({ drawn }),
      load: (saved: unknown) => {
        drawn = (saved as { drawn: number }).drawn;
      },
    };
    await run({ store, options: { state, steps: 2, onProgress: () => drawn++ } });
    drawn = 0;
    await run({ store, options: { state, steps: 2 } });
    expect(drawn).toBe(7);
  });

  test('of another run are refused, and nothing changes', async () => {
    const store = versions();
    await run({ store, options: { steps: 3 } });
    const refused = async (change: Partial<FitOptions<HostTensor>>, w = start(), name = 'w') => {
      const optimizer = change.optimizer ?? adamW({ parameters: new Map([[name, w]]), learningRate: 0.1 });
      const average = 'ema' in change ? undefined : ema(new Map([[name, w]]), 0.5);
      const options = { data, loss: loss(w), optimizer, steps: 5, checkpoint: { store }, ...change };
      const then = await w.data();
      const error: unknown = await fit(average ? { ...options, ema: average } : options).catch((e: unknown) => e);
      expect(await w.data()).toEqual(then);
      return error as Error;
    };
    expect((await refused({ seed: 1 })).message).toMatch(/seed.*as in the checkpoint, 0.*another folder/s);
    expect((await refused({ accumulate: 2 })).message).toMatch(/accumulate/);
    expect((await refused({ ema: undefined })).message).toMatch(/ema/);
    expect(await refused({}, start([1, 2, 3]))).toBeInstanceOf(ShapeError);
    expect((await refused({}, start(), 'v')).message).toMatch(/names/);
  });

  test('of other data are told when it ends too early', async () => {
    const store = versions();
    await run({ store, options: { steps: 3 } });
    await expect(run({ store, options: { steps: 5, data: [data[0]!] } })).rejects.toThrow(
      /3 batches of epoch 1.*only 1/s,
    );
  });

  test('cut short, or of another kind, are told from whole ones', async () => {
    const store = versions();
    await run({ store, options: { steps: 2 } });
    const [bytes] = store.written;
    const broken: [string, Uint8Array][] = [0, 7, 8, 100, bytes!.length - 1].map((n) => [`${n}`, bytes!.slice(0, n)]);
    broken.push(['longer', Buffer.concat([bytes!, new Uint8Array(4)])]);
    broken.push(['noise', Uint8Array.from({ length: 400 }, (_, i) => (i * 37) % 251)]);
    const text = Buffer.from(bytes!).toString('latin1');
    const changed = (from: string, to: string) => Buffer.from(text.replace(from, to), 'latin1');
    broken.push(['version', changed('\\"version\\":1', '\\"version\\":2')]);
    broken.push(['offsets', changed('"data_offsets":[0,', '"data_offsets":[8,')]);
    broken.push(['step', changed('\\"step\\":1', '\\"step\\":x')]);
    for (const [name, bytes] of broken) {
      const error: unknown = await run({ store: versions(bytes) }).catch((e: unknown) => e);
      expect(error, name).toBeInstanceOf(FormatError);
    }
  });

  test('with NaN are not written', async () => {
    const store = versions();
    const w = start();
    const spoil = ({ step }: { step: number }) => {
      if (step === 2) tidy(() => w.assign(tensor1d([1, Number.NaN])));
    };
    const nan = await run({ w, store, options: { onProgress: spoil } }).catch((e: unknown) => e);
    expect(nan).toBeInstanceOf(ValueError);
    expect((nan as Error).message).toMatch(/parameters\/w.*NaN/s);
    expect(store.written).toHaveLength(1);
  });
});

describe('folderStore', () => {
  test('writes a file that stays whole where writing fails, and leaves nothing else', async () => {
    const directory = join(folder, 'a', 'b');
    const whole = await run({ options: { checkpoint: { directory } } });
    expect(await readdir(directory)).toEqual(['checkpoint.safetensors']);
    const bytes = await readFile(join(directory, 'checkpoint.safetensors'));
    await writeFile(join(directory, '.checkpoint.safetensors.partial'), 'what a killed process left');
    expect(await run({ options: { checkpoint: { directory } } })).toEqual(whole);
    expect(await readdir(directory)).toEqual(['checkpoint.safetensors']);
    const failing = async function* () {
      yield new Uint8Array(3);
      throw new Error('the device is lost');
    };
    await expect(folderStore(directory).write(failing())).rejects.toThrow('the device is lost');
    expect(await readdir(directory)).toEqual(['checkpoint.safetensors']);
    expect(await readFile(join(directory, 'checkpoint.safetensors'))).toEqual(bytes);
  });

  test('says which file is damaged', async () => {
    const directory = join(folder, 'damaged');
    await run({ options: { checkpoint: { directory } } });
    const file = join(directory, 'checkpoint.safetensors');
    await writeFile(file, (await readFile(file)).subarray(0, -5));
    await expect(run({ options: { checkpoint: { directory } } })).rejects.toThrow(file);
  });

  test('and options without meaning', async () => {
    const store = versions();
    expect(() => folderStore('')).toThrow(/directory/);
    const refused = (checkpoint: FitOptions<HostTensor>['checkpoint']) =>
      run({ options: checkpoint ? { checkpoint } : {} });
    await expect(refused({})).rejects.toThrow(/directory.*store/);
    await expect(refused({ store, directory: folder })).rejects.toThrow(/directory.*store/);
    await expect(refused({ store, every: 0 })).rejects.toThrow(/every/);
  });
});
