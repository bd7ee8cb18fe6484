import type { NameMap } from './name-map';

const KINDS = { gamma: 'weight', beta: 'bias', moving_mean: 'running_mean', moving_var: 'running_var' } as const;

/**
 * The names in `ilsvrc-cls_rna-a1_cls1000_ep-0001.params`, the ImageNet weights of ResNet-38:
 * `arg:res4b2_branch2a_weight` is `b4_2.conv_branch2a.weight`, `aux:bn7_moving_var` is `bn7.running_var`. The
 * classifier of 1000 classes is passed over.
 *
 * Source: ademxapp, `util/symbol/resnet_v2.py`; psa, `network/resnet38d.py`.
 */
export const mxnet: NameMap = {
  toParameter(key) {
    const [, layer, kind] = /^(?:arg|aux):(\w+?)_(weight|gamma|beta|moving_mean|moving_var)$/.exec(key) ?? [];
    if (layer === undefined) return undefined;
    const parameter = kind === 'weight' ? 'weight' : KINDS[kind as keyof typeof KINDS];
    const [, type, stage, unit, branch] = /^(res|bn)(\d)(a|b\d+)_(branch\w+)$/.exec(layer) ?? [];
    if (type === undefined) return `${layer}.${parameter}`;
    const block = unit === 'a' ? `b${stage}` : `b${stage}_${unit!.slice(1)}`;
    return `${block}.${type === 'res' ? 'conv' : 'bn'}_${branch}.${parameter}`;
  },
  toKey(name) {
    const [, layer, kind] = /^(.+)\.(weight|bias|running_mean|running_var)$/.exec(name) ?? [];
    if (layer === undefined) return undefined;
    const [, stage, unit, type, branch] = /^b(\d)(?:_(\d+))?\.(conv|bn)_(branch\w+)$/.exec(layer) ?? [];
    const place =
      type === undefined ? layer : `${type === 'conv' ? 'res' : 'bn'}${stage}${unit ? `b${unit}` : 'a'}_${branch}`;
    if (type === 'conv' || layer === 'conv1a') return `arg:${place}_weight`;
    const [theirs] = Object.entries(KINDS).find(([, ours]) => ours === kind) ?? [];
    return type === 'bn' || layer === 'bn7'
      ? `${theirs!.startsWith('moving') ? 'aux' : 'arg'}:${place}_${theirs}`
      : undefined;
  },
  ignores: (key) => key.includes('linear1000'),
};
