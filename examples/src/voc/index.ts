// npm run voc -- --data FOLDER --weights FILE: real photos, image-level labels, pixel masks, and a report.
import { resolve } from 'node:path';
import { WsssError } from '@wsss/core';
import { HELP, readOptions } from './read-options';

try {
  const options = await readOptions(process.argv.slice(2), resolve(import.meta.dirname, '../../out/voc'));
  if (!options) {
    console.log(HELP);
  } else {
    // Only now, so that help and mistakes are quick.
    const [{ runVoc }, { SETTINGS }] = await Promise.all([import('./run-voc'), import('./settings')]);
    const { path, run } = await runVoc(options, { ...SETTINGS, limit: options.limit });
    console.log(`\nDone in ${run.stopwatch.total.toFixed(0)} s. Open the report in a browser:`);
    console.log(path);
  }
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
