import { library } from '../../tsup.base';

export default library({ index: 'src/index.ts', 'batch-worker': 'src/batch-worker.ts' });
