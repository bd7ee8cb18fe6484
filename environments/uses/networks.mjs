import { ready, setBackend, zeros } from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { mobilenetV2 } from '@wsss/networks';

await setBackend('wasm');
await ready();
const network = mobilenetV2({ outputStride: 16, widthMultiplier: 0.25 });
const taps = network.forward(zeros([1, 64, 64, 3]), { taps: [network.classifierTap] });
console.log(network.classifierTap, taps[network.classifierTap]?.shape);
// features.18 [ 1, 4, 4, 1280 ]
