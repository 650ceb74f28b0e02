import { runNamed } from './commands.ts';
import { RELEASED } from './released-commands.ts';
import { inThisProcess } from './terminal/this-process.ts';

// The command line of a release, `dist/tenant-delivery.mjs`: it needs Node, and nothing that npm would install.
await inThisProcess((args, io) => runNamed(RELEASED, args, io));
