import { hostTensor } from '@wsss/core';
import { readStateDict, writeSafetensors } from '@wsss/formats';

const bytes = await writeSafetensors(new Map([['fc.weight', hostTensor(Float32Array.of(1, 2), [1, 2])]]));
for (const [name, tensor] of await readStateDict(bytes)) console.log(name, tensor.shape, await tensor.data());
// fc.weight [ 1, 2 ] Float32Array(2) [ 1, 2 ]
