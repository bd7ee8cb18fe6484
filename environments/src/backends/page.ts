import { backendReport, useBackend, verifyBackend } from '@wsss/backend';
import '@wsss/backend/gradients';

const q = new URLSearchParams(location.search);
const name = q.get('backend') as 'wasm';

import { env } from '@tensorflow/tfjs-core';

(async () => {
  if (q.has('half')) {
    await import('@tensorflow/tfjs-backend-webgl');
    env().set('WEBGL_FORCE_F16_TEXTURES', true);
  }
  const info = await useBackend(name, { wasmPaths: '/wasm/' });
  const { rows, table } = await verifyBackend();
  return JSON.stringify({ info, report: backendReport(), table, bad: rows.filter((r) => !r.ok) }, null, 1);
})()
  .catch((e) => String(e.stack ?? e))
  .then((body) => fetch('/result', { method: 'POST', body }));
