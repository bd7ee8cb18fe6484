// npm start: scenes drawn by a program, a network trained from image-level labels only, pixel masks, and a report.
import { resolve } from 'node:path';
import { runQuickstart } from './run-quickstart';
import { SETTINGS } from './settings';

const { path, run } = await runQuickstart(SETTINGS, resolve(import.meta.dirname, '../../out/quickstart/report.html'));
console.log(`Done in ${run.stopwatch.total.toFixed(0)} s. Open the report in a browser:`);
console.log(path);
