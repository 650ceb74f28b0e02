import { type Given, oneOf, optional, text } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';

export const inputs = {
  ...changeInputs,
  mode: oneOf('close', 'settle'),
  'job-status': oneOf('success', 'failure', 'cancelled'),
  hook: optional(text('the `hook` output of deploy-ecs-service', /^[\x21-\x7e]{1,255}$/)),
  'github-token': text("the job's token; leave it out to use it"),
};

export type CloseChangeInputs = Given<typeof inputs>;
