import { library } from '../../tsup.base';

export default library({ cli: 'src/cli.ts', gradients: 'src/gradients.ts', index: 'src/index.ts' });
