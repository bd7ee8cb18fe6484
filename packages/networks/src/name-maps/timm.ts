import type { NameMap } from './name-map';
import { torchvision } from './torchvision';

/** How many of MobileNetV2's blocks each of timm's `blocks.N` holds; torchvision counts them through from 1. */
const BLOCKS = [1, 2, 3, 4, 3, 3, 1];

/** timm's layers of a block → torchvision's: the first block has no expansion. */
const FIRST = { conv_dw: '0.0', bn1: '0.1', conv_pw: '1', bn2: '2' } as const;
const OTHERS = { conv_pw: '0.0', bn1: '0.1', conv_dw: '1.0', bn2: '1.1', conv_pwl: '2', bn3: '3' } as const;
const AROUND = {
  conv_stem: 'features.0.0',
  bn1: 'features.0.1',
  conv_head: 'features.18.0',
  bn2: 'features.18.1',
  classifier: 'classifier.1',
} as const;

/** timm's layer → ours, and back. */
const LAYERS = new Map<string, string>(Object.entries(AROUND));
let feature = 1;
BLOCKS.forEach((count, stage) => {
  for (let b = 0; b < count; b++, feature++) {
    for (const [theirs, ours] of Object.entries(stage === 0 ? FIRST : OTHERS)) {
      LAYERS.set(`blocks.${stage}.${b}.${theirs}`, `features.${feature}.conv.${ours}`);
    }
  }
});
const BACK = new Map([...LAYERS].map(([theirs, ours]) => [ours, theirs]));

/** timm's names: its own for MobileNetV2 (`mobilenetv2_100`), torchvision's for ResNet and VGG16. */
export const timm: NameMap = {
  toParameter(key) {
    const [layer, kind] = split(key);
    const ours = LAYERS.get(layer);
    const same = torchvision.toParameter(key)!;
    return [...(ours === undefined ? [] : [`${ours}.${kind}`]), ...(typeof same === 'string' ? [same] : same)];
  },
  toKey(name) {
    const [layer, kind] = split(name);
    const theirs = BACK.get(layer);
    return theirs === undefined ? torchvision.toKey(name) : `${theirs}.${kind}`;
  },
};

function split(name: string): [layer: string, kind: string] {
  const dot = name.lastIndexOf('.');
  return [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)];
}
