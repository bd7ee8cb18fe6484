#!/usr/bin/env node
import { WsssError } from '@wsss/core';
import { installTensorflow } from './install/install-tensorflow';
import { parseCommand, USAGE } from './install/parse-command';

const command = parseCommand(process.argv.slice(2));
if (command.kind === 'help') {
  console.log(USAGE);
} else if (command.kind === 'wrong') {
  console.error(`${command.message}\n\n${USAGE}`);
  process.exitCode = 2;
} else {
  try {
    const { version, gpu, wheel } = command;
    await installTensorflow({ version, gpu, wheel, log: (line) => console.log(line) });
  } catch (error) {
    console.error(error instanceof WsssError ? error.message : error);
    process.exitCode = 1;
  }
}
