import type { NameMap } from './name-map';

/**
 * The networks' own names: PSA's for ResNet-38d and VGG16, torchvision's for ResNet-50, ResNet-101 and MobileNetV2.
 */
export const official: NameMap = { toParameter: (key) => key, toKey: (name) => name };
