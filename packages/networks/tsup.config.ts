import { library } from '../../tsup.base';

export default library({ index: 'src/index.ts', onnx: 'src/onnx/index.ts' });
