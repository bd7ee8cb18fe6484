import { library } from '../../tsup.base';

export default library({
  index: 'src/index.ts',
  kernels: 'src/kernels/index.ts',
  tensor: 'src/tensor/index.ts',
  train: 'src/train/index.ts',
});
