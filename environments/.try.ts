import { mkdtempSync, writeFileSync } from 'node:fs';
import { bundlePage } from './src/backends/bundle-page';
import { runPage, SOFTWARE_GPU } from './src/chromium';

const f = mkdtempSync('/tmp/gpu/page-');
await bundlePage(f);
console.log(f);
for (const name of process.argv.slice(2)) {
  const t = Date.now();
  const r = await runPage(f, 'index.html?backend=' + name, {}, 280, SOFTWARE_GPU);
  writeFileSync('/tmp/gpu/page-' + name + '.txt', r.replaceAll('\\n', '\n'));
  console.log(name, (Date.now() - t) / 1000, r.slice(0, 600));
}
