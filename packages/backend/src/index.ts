export { backendReport } from './backend-report';
export type { BackendInfo, BackendName, BackendOptions } from './backends/backend-definition';
export type { KernelRow } from './profile/kernel-recorder';
export { type Profile, type ProfileFigures, type ProfileOptions, profile } from './profile/profile';
export { useBackend } from './use-backend';
export type { VerifiedOperation } from './verify/describe-result';
export { type Verification, type VerifyOptions, verifyBackend } from './verify-backend';
