import type { NameMap } from './name-map';

/**
 * The names of SIPE's and IRN's checkpoints: the trunk under `resnet50.`, the new layers (`classifier`, `side1` …)
 * bare. Both register every tensor again as `stage1`, `backbone` or `newly_added`: those copies are passed over.
 */
export const sipe: NameMap = {
  toParameter: (key) => key.replace(/^resnet50\./, ''),
  toKey: (name) => (/^(conv1|bn1|layer\d)\./.test(name) ? `resnet50.${name}` : name),
  ignores: (key) => /^(stage\d|backbone|newly_added)\./.test(key),
};
