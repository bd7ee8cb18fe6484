import '@tensorflow/tfjs-backend-cpu';
import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { bestNames, matchNames } from '../match-names';
import { mobilenetV2 } from '../mobilenet-v2';
import { resnet50 } from '../resnet';
import { resnet38d } from '../resnet38d';
import { stateDict } from '../state-dict';
import { vgg16 } from '../vgg16';
import { NAME_MAPS, type NameMapName } from '.';

beforeAll(async () => expect(await setBackend('cpu')).toBe(true));

const networks = {
  resnet38d: () => resnet38d({ initialise: false }),
  vgg16: () => vgg16({ initialise: false, classes: 20 }),
  resnet50: () => resnet50({ initialise: false, classes: 20 }),
  mobilenetV2: () => mobilenetV2({ initialise: false, classes: 10 }),
};

/** Keys as they are in the released files, and what they stand for. */
const pairs: [keyof typeof networks, NameMapName, Record<string, string>][] = [
  [
    'resnet38d',
    'mxnet',
    {
      'arg:conv1a_weight': 'conv1a.weight',
      'arg:res2a_branch1_weight': 'b2.conv_branch1.weight',
      'arg:res2b1_branch2a_weight': 'b2_1.conv_branch2a.weight',
      'arg:res4b5_branch2b1_weight': 'b4_5.conv_branch2b1.weight',
      'arg:res7a_branch2b2_weight': 'b7.conv_branch2b2.weight',
      'arg:bn6a_branch2b2_gamma': 'b6.bn_branch2b2.weight',
      'arg:bn5b2_branch2a_beta': 'b5_2.bn_branch2a.bias',
      'aux:bn3a_branch2b1_moving_mean': 'b3.bn_branch2b1.running_mean',
      'aux:bn7_moving_var': 'bn7.running_var',
      'arg:bn7_gamma': 'bn7.weight',
    },
  ],
  [
    'vgg16',
    'torchvision',
    {
      'features.0.weight': 'conv1_1.weight',
      'features.7.bias': 'conv2_2.bias',
      'features.14.weight': 'conv3_3.weight',
      'features.21.weight': 'conv4_3.weight',
      'features.28.bias': 'conv5_3.bias',
    },
  ],
  [
    'resnet50',
    'sipe',
    {
      'resnet50.conv1.weight': 'conv1.weight',
      'resnet50.layer3.5.bn3.running_var': 'layer3.5.bn3.running_var',
      'resnet50.layer2.0.downsample.0.weight': 'layer2.0.downsample.0.weight',
      'classifier.weight': 'classifier.weight',
    },
  ],
  [
    'mobilenetV2',
    'timm',
    {
      'conv_stem.weight': 'features.0.0.weight',
      'bn1.running_mean': 'features.0.1.running_mean',
      'blocks.0.0.conv_dw.weight': 'features.1.conv.0.0.weight',
      'blocks.0.0.bn2.weight': 'features.1.conv.2.weight',
      'blocks.1.0.conv_pw.weight': 'features.2.conv.0.0.weight',
      'blocks.3.3.conv_dw.weight': 'features.10.conv.1.0.weight',
      'blocks.6.0.bn3.bias': 'features.17.conv.3.bias',
      'conv_head.weight': 'features.18.0.weight',
      'bn2.weight': 'features.18.1.weight',
      'classifier.bias': 'classifier.1.bias',
    },
  ],
];

describe.each(pairs)('%s with the names of %s', (network, names, expected) => {
  test('known keys', () => {
    for (const [key, parameter] of Object.entries(expected)) {
      const candidates = NAME_MAPS[names].toParameter(key);
      expect(typeof candidates === 'string' ? candidates : candidates![0]).toBe(parameter);
      expect(NAME_MAPS[names].toKey(parameter)).toBe(key);
    }
  });

  test('every parameter has a key of its own, and a file with those keys is recognised', () => {
    const made = networks[network]();
    const keys = [...made.parameters.keys()].map((name) => NAME_MAPS[names].toKey(name)!);
    expect(new Set(keys).size).toBe(made.parameters.size);
    expect(keys).not.toContain(undefined);
    const has = (name: string) => made.parameters.has(name);
    expect(bestNames(keys, has)).toBe(names);
    const wrapped = keys.map((key) => `module.${key}`);
    expect(matchNames(NAME_MAPS[names], [...wrapped, 'extra.num_batches_tracked', 'extra.weight'], has)).toEqual({
      found: new Map([...made.parameters.keys()].map((name, i) => [name, wrapped[i]])),
      unused: ['extra.weight'],
    });
    made.dispose();
  });
});

test('copies, counters and heads of other tasks are passed over', async () => {
  const { ignores } = NAME_MAPS.sipe;
  expect(['stage1.0.0.weight', 'backbone.1.0.conv1.weight', 'newly_added.0.weight'].every((key) => ignores!(key))).toBe(
    true,
  );
  expect(ignores!('resnet50.layer1.0.conv1.weight')).toBe(false);
  expect(NAME_MAPS.mxnet.ignores!('arg:linear1000_weight')).toBe(true);
  const network = networks.resnet50();
  await expect(stateDict(network, { names: 'mxnet' })).rejects.toThrow("to have a key for 'conv1.weight'");
  network.dispose();
});
