import { run } from './run.ts';
import { inThisProcess } from './terminal/this-process.ts';

await inThisProcess(run);
