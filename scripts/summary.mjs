// node scripts/summary.mjs [EXIT CODE] : what the last `npm test`, `npm run test:long` and lanes found, the total last.
import { printSummary } from './lib/summary.mjs';

const { failed } = printSummary(['unit', 'golden', 'long', 'lanes'], { code: Number(process.argv[2] ?? 0) });
process.exit(failed > 0 ? 1 : 0);
