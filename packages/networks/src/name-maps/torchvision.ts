import type { NameMap } from './name-map';

/** The place of VGG16's convolutions in torchvision's `features`. */
const VGG16 = new Map([
  ['0', 'conv1_1'],
  ['2', 'conv1_2'],
  ['5', 'conv2_1'],
  ['7', 'conv2_2'],
  ['10', 'conv3_1'],
  ['12', 'conv3_2'],
  ['14', 'conv3_3'],
  ['17', 'conv4_1'],
  ['19', 'conv4_2'],
  ['21', 'conv4_3'],
  ['24', 'conv5_1'],
  ['26', 'conv5_2'],
  ['28', 'conv5_3'],
]);
const PLACES = new Map([...VGG16].map(([place, name]) => [name, place]));

/** torchvision's names: `features.24.weight` for VGG16's conv5_1; the other networks have torchvision's as their own. */
export const torchvision: NameMap = {
  toParameter(key) {
    const [, place, kind] = /^features\.(\d+)\.(weight|bias)$/.exec(key) ?? [];
    const name = place === undefined ? undefined : VGG16.get(place);
    return name === undefined ? key : [`${name}.${kind}`, key];
  },
  toKey(name) {
    const [layer, kind] = name.split('.') as [string, string | undefined];
    const place = PLACES.get(layer);
    return place === undefined ? name : `features.${place}.${kind}`;
  },
};
