import type { Runner } from '@tenant-delivery/action-kit/runner';
import type { Prepared } from './prepare.ts';

/** Tells the log what an image is made from, and what of it deserves a second look. */
export function sayPrepared(
  runner: Pick<Runner, 'info' | 'warning'>,
  { inputs, undeclared, base }: Prepared,
): void {
  runner.info(`Inputs ${inputs}`);
  if (undeclared.length > 0)
    runner.warning(`No ARG of the Dockerfile declares ${undeclared.join(', ')}: check the spelling.`);
  for (const { reference, digest, created, newer } of base) {
    runner.info(
      `Base image ${reference} is ${digest ?? 'not known'}${created ? `, made at ${created}` : ''}`,
    );
    if (newer) runner.warning(`The tag of ${reference} now points to ${newer}, a newer base image.`);
  }
}
