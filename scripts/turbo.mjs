// node scripts/turbo.mjs TASK… : installs what is missing and runs turbo tasks over all workspaces.
import { resolve } from 'node:path';
import { installMissing } from './lib/install.mjs';
import { turbo } from './lib/turbo.mjs';

if (process.env.WSSS_GOLDEN) process.env.WSSS_GOLDEN = resolve(process.env.WSSS_GOLDEN);
await installMissing();
process.exit(await turbo(...process.argv.slice(2)));
