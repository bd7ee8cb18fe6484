import { library } from '../../tsup.base';

export default library({ index: 'src/index.ts', gradients: 'src/gradients.ts' });
