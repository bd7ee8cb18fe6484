import { env } from '@tensorflow/tfjs-core';
import { type BackendName, backendReport, useBackend, verifyBackend } from '@wsss/backend';
import { runSuite } from './run-suite';

// The page of the lane: runs the suite on the backend that its address names, and sends what it found.

const query = new URLSearchParams(location.search);
const name = query.get('backend') as BackendName;

async function run(): Promise<object> {
  if (query.has('auto')) return useBackend('auto', { wasmPaths: '/wasm/' });
  if (query.has('half')) {
    await import('@tensorflow/tfjs-backend-webgl');
    env().set('WEBGL_FORCE_F16_TEXTURES', true);
    const info = await useBackend(name);
    return { info, report: backendReport(), ...(await verifyBackend()) };
  }
  const weights = await (await fetch('/weights.json')).json();
  return runSuite(name, { weights, wasmPaths: '/wasm/', steps: { steps: Number(query.get('steps')) } });
}

run()
  .then(
    (result) => JSON.stringify(result),
    (error: unknown) => JSON.stringify({ error: error instanceof Error ? (error.stack ?? error.message) : `${error}` }),
  )
  .then((body) => fetch('/result', { method: 'POST', body }));
