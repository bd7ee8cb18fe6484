// npm run voc -- --data FOLDER --weights FILE: real photos, image-level labels, a segmentation network, and a report.
import { resolve } from 'node:path';
import { WsssError } from '@wsss/core';
import { HELP, readMerge, readOptions } from './read-options';

try {
  const [args, defaultOut] = [process.argv.slice(2), resolve(import.meta.dirname, '../../out/voc')];
  const merged = readMerge(args, defaultOut);
  const options = merged === undefined ? await readOptions(args, defaultOut) : undefined;
  if (merged !== undefined) {
    const { mergeResults } = await import('./merge-results');
    await mergeResults(merged);
  } else if (!options) {
    console.log(HELP);
  } else {
    // Only now, so that help and mistakes are quick.
    const [{ runVoc }, { SETTINGS }] = await Promise.all([import('./run-voc'), import('./settings')]);
    const { limit, seed } = options;
    const { path } = await runVoc(options, { ...SETTINGS, limit, seed });
    console.log('\nOpen the report in a browser:');
    console.log(path);
  }
} catch (error) {
  if (!(error instanceof WsssError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
