import { library } from '../../tsup.base';

export default library({ index: 'src/index.ts', kernels: 'src/kernels/index.ts', train: 'src/train/index.ts' });
