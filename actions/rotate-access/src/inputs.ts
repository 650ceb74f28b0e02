import {
  type Given,
  inputsInvalid,
  integer,
  lines,
  oneOf,
  optional,
  readInputs,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { ACCOUNT, REGION } from '@tenant-delivery/domain';

const FINGERPRINT = /^[0-9a-f]{12}$/;
const fingerprint = optional(
  text('the fingerprint of a key, 12 hex digits as a report shows it', FINGERPRINT),
);

export const inputs = {
  contract: oneOf('none'),
  mode: oneOf('run', 'dry-run'),
  credential: text('a name such as ci-legacy', /^[a-z][a-z0-9-]{1,39}$/),
  user: text('the name of an IAM user', /^[\w+=,.@-]{1,64}$/),
  account: text('the AWS account id, 12 digits in quotes', ACCOUNT),
  region: optional(text('the AWS region, such as eu-west-1', REGION)),
  escrow: text('the name or ARN of a secret', /^[\w/+=.@:-]{1,2048}$/),
  journal: text('the name of an S3 bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  repository: optional(text('a repository, OWNER/NAME', /^[\w.-]+\/[\w.-]+$/)),
  environment: optional(text('the name of an environment', /^[^\n]{1,255}$/)),
  'secret-name': text('what the names of the secrets begin with', /^[A-Z_][A-Z0-9_]{0,80}$/),
  'probe-workflow': optional(text('the file name of a workflow', /^[\w.-]+\.ya?ml$/)),
  'probe-ref': text('a branch', /^[\w./-]{1,200}$/),
  'github-token': optional(text('the token of an App installation')),
  external: lines(),
  acknowledge: fingerprint,
  'cadence-hours': integer(1, 1440),
  'max-age-days': integer(10, 365),
  'grace-days': integer(7, 90),
  'drain-days': integer(2, 180),
  wish: optional(oneOf('forced', 'compromise')),
  bootstrap: optional(oneOf('yes')),
  adopt: fingerprint,
  resolve: fingerprint,
};

export type RotateInputs = Given<typeof inputs>;

export function readRotateInputs(runner: Runner): RotateInputs {
  const token = runner.input('github-token');
  if (token !== '') runner.mask(token);
  const given = readInputs(runner, inputs);
  const mistakes = [
    ...(given.repository && !given['probe-workflow']
      ? ['probe-workflow is missing: name the workflow by which the repository shows its key']
      : []),
    ...(given.repository && !given['github-token']
      ? ['github-token is missing: give the token of a GitHub App; GITHUB_TOKEN cannot write secrets']
      : []),
    ...(given.environment && !given.repository
      ? ['environment is given without repository: name the repository that it belongs to']
      : []),
    ...given.external
      .filter((name) => !/^[\w.-]{1,60}$/.test(name))
      .map(() => 'external has a name with other characters than letters, digits, dots, hyphens: change it'),
  ];
  if (mistakes.length > 0) throw inputsInvalid(mistakes);
  return given;
}
