import { type Given, optional, text } from '@tenant-delivery/action-kit/readers';
import { readerAppInputs, targetInputs } from '@tenant-delivery/delivery/inputs';

const { service: _, ...place } = targetInputs;

export const inputs = {
  ...place,
  contract: optional(text('the path of a file in the workspace', /^[\w./-]{1,200}$/)),
  ...readerAppInputs,
  'github-token': text("the job's token; leave it out to use it"),
};

export type ExamineInputs = Given<typeof inputs>;
