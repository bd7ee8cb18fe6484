import { leaveKernels } from './leave-kernels';

// Loaded before a program, it leaves the work to the kernels of TensorFlow.js, to compare:
// node --import tsx --conditions=@wsss/source --import ./src/backend/stock-kernels.ts ../examples/src/quickstart/index.ts
leaveKernels('stock');
