// A program that uses a worker and then has nothing more to do.
import { DenseCrf } from './index';
import { crfModule } from './wasm-module';

console.log(`${await crfModule()!.ready(2)} threads`);
const crf = new DenseCrf({ height: 200, width: 200, classes: 2, threads: 2 }).addGaussian({ sdims: 3, compat: 3 });
console.log((await crf.infer(2)).values[0]!.toFixed(2));
