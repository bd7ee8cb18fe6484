import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import '@wsss/backend/gradients';
import {
  memory,
  type Scalar,
  setBackend,
  square,
  sum,
  type Tensor,
  tensor,
  tensor1d,
  tidy,
  type Variable,
  variable,
} from '@tensorflow/tfjs-core';
import { hostTensor, ShapeError, type TensorLike, ValueError } from '@wsss/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { adamW } from './adam-w';
import { clipByGlobalNorm } from './clip-by-global-norm';
import type { Optimizer, ParameterGroup } from './optimizer';
import { sgd } from './sgd';

const starts = [
  [1, -2, 0.5],
  [0.25, 3],
];
/** The gradients of both parameters at step t. */
const gradients = (t: number) => [
  [0.25 * (t + 1), -0.5 * t, 1],
  [-1, 0.125 * (t - 3)],
];
const start = () => {
  const variables = tidy(() => starts.map((values) => variable(tensor1d(values))));
  return variables;
};

/** Steps with the gradients above; where `skip` says so, a parameter has none. */
function run(optimizer: Optimizer, from: number, to: number, skip: (t: number, i: number) => boolean = () => false) {
  const variables = [...optimizer.parameters.values()];
  for (let t = from; t < to; t++) {
    tidy(() => {
      const all = gradients(t).flatMap((g, i) => (skip(t, i) ? [] : [[variables[i]!.name, tensor1d(g)] as const]));
      optimizer.step(Object.fromEntries(all));
    });
  }
}
const values = (optimizer: Optimizer) =>
  Promise.all([...optimizer.parameters.values()].map(async (v) => [...(await v.data())]));
const groups = ([a, b]: Variable[]): ParameterGroup[] => [
  { parameters: new Map([['a', a!]]), weightDecay: 0.01 },
  { parameters: new Map([['b', b!]]), multiplier: 2, weightDecay: 0 },
];
const secondSometimes = (t: number, i: number) => i === 1 && (t === 0 || t === 3);

// After six steps of torch 1.13's SGD and AdamW from the same values with the same gradients; in the groups the second
// parameter has twice the learning rate and no decay; where 'skipped', its gradient is None at steps 0 and 3.
const cases: [string, (v: Variable[]) => Optimizer, number[][], typeof secondSometimes?][] = [
  [
    'sgd',
    (v) => sgd({ parameters: v, learningRate: 0.1 }),
    [
      [0.474999994, -1.25, -0.0999999866],
      [0.850000083, 3.0374999],
    ],
  ],
  [
    'sgd with momentum and groups',
    (v) => sgd({ groups: groups(v), learningRate: 0.1, momentum: 0.9 }),
    [
      [-0.253336459, -0.381834984, -1.28590047],
      [3.815938, 3.54464936],
    ],
  ],
  [
    'sgd with nesterov',
    (v) => sgd({ groups: groups(v), learningRate: 0.1, momentum: 0.9, nesterov: true }),
    [
      [-0.655407727, 0.21448274, -1.70362902],
      [4.6593442, 3.56518412],
    ],
  ],
  [
    'sgd, skipped',
    (v) => sgd({ groups: groups(v), learningRate: 0.1, momentum: 0.9 }),
    [
      [-0.253336459, -0.381834984, -1.28590047],
      [2.05979991, 3.14219999],
    ],
    secondSometimes,
  ],
  [
    'adamW',
    (v) => adamW({ parameters: v, learningRate: 0.1 }),
    [
      [0.412749141, -1.56168902, -0.101494454],
      [0.847005725, 3.39690423],
    ],
  ],
  [
    'adamW with groups, betas and epsilon',
    (v) => adamW({ groups: groups(v), learningRate: 0.1, betas: [0.8, 0.99], epsilon: 1e-3 }),
    [
      [0.389996409, -1.52677846, -0.100896589],
      [1.44880128, 3.74362326],
    ],
  ],
  [
    'adamW, skipped',
    (v) => adamW({ groups: groups(v), learningRate: 0.1 }),
    [
      [0.412749141, -1.56168902, -0.101494454],
      [1.04999995, 3.44253111],
    ],
    secondSometimes,
  ],
];

describe.each(['cpu', 'wasm'])('optimisers on %s', (backend) => {
  beforeAll(async () => {
    expect(await setBackend(backend)).toBe(true);
  });

  test.each(cases)('%s is what torch gives', async (_, make, expected, skip) => {
    const optimizer = make(start());
    run(optimizer, 0, 6, skip);
    const got = await values(optimizer);
    for (const [i, row] of expected.entries()) {
      for (const [j, value] of row.entries()) expect(Math.abs(got[i]![j]! - value)).toBeLessThan(1e-6);
    }
    optimizer.dispose();
  });

  test.each(cases)(
    '%s goes on from its saved state bit for bit, and keeps only its slots',
    async (name, make, _, skip) => {
      const before = memory().numTensors;
      const straight = make(start());
      run(straight, 0, 6, skip);
      const first = make(start());
      run(first, 0, 3, skip);
      const saved = first.state();
      const slots = new Map<string, TensorLike>();
      for (const [key, slot] of saved.slots)
        slots.set(key, hostTensor((await slot.data()) as Float32Array, slot.shape));
      const state = JSON.parse(JSON.stringify({ ...saved, slots: undefined }));
      first.dispose();
      const second = make([...first.parameters.values()]);
      await second.loadState({ ...state, slots });
      expect(second.steps).toBe(3);
      run(second, 3, 6, skip);
      expect(await values(second)).toEqual(await values(straight));
      const perParameter = name === 'sgd' ? 0 : name.startsWith('sgd') ? 1 : 2;
      expect(memory().numTensors).toBe(before + 4 + 4 * perParameter);
      straight.dispose();
      second.dispose();
      expect(memory().numTensors).toBe(before + 4);
    },
  );

  test('minimize returns the loss before its step, and keeps nothing else', async () => {
    const [w] = start();
    const optimizer = sgd({ parameters: [w!], learningRate: 0.25 });
    const before = memory().numTensors;
    const loss = optimizer.minimize(() => sum(square(w!)));
    expect(memory().numTensors).toBe(before + 1);
    expect((await loss.data())[0]).toBeCloseTo(5.25, 6);
    expect([...(await w!.data())]).toEqual([0.5, -1, 0.25]);
    expect(optimizer.steps).toBe(1);
    expect(() => optimizer.minimize(() => w as unknown as Scalar)).toThrow(ShapeError);
    expect(memory().numTensors).toBe(before + 1);
  });

  test('frozen parameters stay, with their decay', async () => {
    const [a, b] = start();
    a!.trainable = false;
    const optimizer = sgd({ parameters: [a!, b!], learningRate: 0.1, weightDecay: 0.5, momentum: 0.9 });
    run(optimizer, 0, 2);
    expect([...(await a!.data())]).toEqual(starts[0]);
    expect([...(await b!.data())]).not.toEqual(starts[1]);
    optimizer.dispose();
  });

  test('clipByGlobalNorm is what torch gives', async () => {
    const before = memory().numTensors;
    const gradients = { a: tensor([3, 4, -12]), b: tensor([1, 2, -3, 5], [2, 2]), c: null };
    const { gradients: clipped, norm } = clipByGlobalNorm(gradients, 1);
    expect(memory().numTensors).toBe(before + 5);
    expect((await norm.data())[0]).toBeCloseTo(14.422205, 5);
    const expected = [0.20801255, 0.27735007, -0.8320502, 0.06933752, 0.13867503, -0.20801255, 0.34668759];
    const got = [...(await clipped.a!.data()), ...(await clipped.b!.data())];
    for (const [i, value] of expected.entries()) expect(Math.abs(got[i]! - value)).toBeLessThan(1e-7);
    const { gradients: same } = clipByGlobalNorm(gradients, 100);
    expect([...(await same.a!.data())]).toEqual([3, 4, -12]);
    expect(() => clipByGlobalNorm({ a: null }, 1)).toThrow(ValueError);
    expect(() => clipByGlobalNorm(gradients, 0)).toThrow(/maxNorm/);
  });
});

describe('what optimisers refuse', () => {
  test('parameters twice, none, or both kinds of giving them', () => {
    const [a, b] = start();
    const learningRate = 0.1;
    expect(() => sgd({ parameters: [a!, a!], learningRate })).toThrow(/each variable once/);
    const twice = [{ parameters: new Map([['w', a!]]) }, { parameters: new Map([['w', b!]]) }];
    expect(() => sgd({ groups: twice, learningRate })).toThrow(/prefix/);
    const prefixed = sgd({ groups: [twice[0]!, { ...twice[1]!, prefix: 'head.' }], learningRate });
    expect([...prefixed.parameters.keys()]).toEqual(['w', 'head.w']);
    expect(() => sgd({ parameters: [], learningRate })).toThrow(/at least one/);
    expect(() => sgd({ learningRate })).toThrow(ValueError);
    expect(() => sgd({ parameters: [a!], groups: [], learningRate })).toThrow(ValueError);
    expect(() => sgd({ parameters: [tensor1d([1]) as Tensor as Variable], learningRate })).toThrow(/two copies/);
  });

  test('numbers out of range', () => {
    const parameters = start();
    expect(() => sgd({ parameters, learningRate: Number.NaN })).toThrow(/learningRate/);
    expect(() => sgd({ parameters, learningRate: () => -1 })).toThrow(/learningRate/);
    expect(() => sgd({ parameters, learningRate: 1, momentum: -0.1 })).toThrow(/momentum/);
    expect(() => sgd({ parameters, learningRate: 1, weightDecay: -1 })).toThrow(/weightDecay/);
    expect(() => sgd({ groups: [{ parameters, multiplier: -2 }], learningRate: 1 })).toThrow(/multiplier/);
    expect(() => sgd({ parameters, learningRate: 1, nesterov: true })).toThrow(/nesterov/);
    expect(() => adamW({ parameters, learningRate: 1, betas: [0.9, 1] })).toThrow(/betas/);
    expect(() => adamW({ parameters, learningRate: 1, epsilon: 0 })).toThrow(/epsilon/);
  });

  test('gradients of another shape, before anything changes', async () => {
    const [a, b] = start();
    const optimizer = sgd({ parameters: [a!, b!], learningRate: 1 });
    const wrong = { [a!.name]: tensor1d([1, 1, 1]), [b!.name]: tensor1d([1, 1, 1]) };
    expect(() => optimizer.step(wrong)).toThrow(ShapeError);
    expect([...(await a!.data())]).toEqual(starts[0]);
    expect(optimizer.steps).toBe(0);
  });

  test("another optimiser's state", async () => {
    const variables = start();
    const optimizer = sgd({ groups: groups(variables), learningRate: 1, momentum: 0.9 });
    run(optimizer, 0, 2);
    const state = optimizer.state();
    const other = (change: object) => optimizer.loadState({ ...state, ...change });
    await expect(adamW({ parameters: variables, learningRate: 1 }).loadState(state)).rejects.toThrow(/adamW/);
    await expect(sgd({ parameters: variables, learningRate: 1, momentum: 0.5 }).loadState(state)).rejects.toThrow(
      /slots/,
    );
    await expect(other({ slots: new Map([['momentum/a', tensor1d([1])]]) })).rejects.toThrow(ShapeError);
    await expect(other({ slots: new Map() })).rejects.toThrow(/momentum\/a/);
    await expect(other({ updates: { a: 3, b: 2 } })).rejects.toThrow(/from 1 to 2/);
    const broken = new Map([...state.slots, ['momentum/b', tensor1d([0, Number.NaN])] as const]);
    await expect(other({ slots: broken })).rejects.toThrow(/NaN/);
    expect(optimizer.steps).toBe(2);
    await optimizer.loadState(state);
  });
});
