import { migrate } from './commands/migrate.ts';
import { inThisProcess } from './terminal/this-process.ts';

// `tenant-delivery-VERSION-migrate.mjs`, a file of a release: a repository needs it once, so no job downloads it.
await inThisProcess((args, io) => migrate(args[0] === 'migrate' ? args.slice(1) : args, io));
