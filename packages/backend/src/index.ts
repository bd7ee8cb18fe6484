export type { BackendInfo, BackendName, BackendOptions } from './backends/backend-definition';
export { useBackend } from './use-backend';
