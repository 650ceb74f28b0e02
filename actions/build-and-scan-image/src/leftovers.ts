import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What this action makes in the job's temporary folder: a login, a Dockerfile, an image. */
const OURS = /^td-(docker|dockerfile|image)-/;

/** Removes what a step left that was killed before it could: nothing of ours, a login least of all, outlives the job. */
export function removeLeftovers(temp: string): void {
  for (const name of readdirSync(temp).filter((one) => OURS.test(one))) {
    rmSync(join(temp, name), { recursive: true, force: true });
  }
}
