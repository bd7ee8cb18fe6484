import { setBackend } from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { BackendName } from './backends/backend-definition';
import './gradients';
import { useBackend } from './use-backend';
import { checkOperation } from './verify/check-operation';
import type { OperationCase } from './verify/operation-case';

/** The backends that the suite runs on: other ones where the environment names them, separated by commas. */
export const BACKENDS = (process.env.WSSS_BACKENDS?.split(',') ?? ['wasm', 'cpu']) as readonly BackendName[];

/**
 * Tests cases on every backend: the output against the reference in doubles, the gradients against its finite
 * differences, and that no tensor is left. The bounds are far below the 1e-3 that is promised: 32-bit sums of this
 * length are good to 1e-5.
 */
export function testOperations(cases: readonly OperationCase[], { forward = 2e-6, gradient = 2e-5 } = {}): void {
  describe.each(BACKENDS)('%s', (name) => {
    beforeAll(async () => {
      await useBackend(name);
    });
    test.each(cases.map((operation) => [`${operation.operation} ${operation.setting}`, operation] as const))(
      '%s',
      async (_, operation) => {
        await setBackend(name);
        const result = await checkOperation(operation);
        if (result.error) throw result.error;
        expect(result.forward).toBeLessThan(forward);
        for (const difference of result.gradients) expect(difference).toBeLessThan(gradient);
        expect(result.leaked).toBe(0);
      },
    );
  });
}
