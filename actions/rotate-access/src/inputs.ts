import { inputsOf, readWay } from '@tenant-delivery/action-kit/input-ways';
import {
  type Given,
  inputsInvalid,
  integer,
  lines,
  oneOf,
  optional,
  otherwise,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { targetInputs } from '@tenant-delivery/delivery/inputs';
import { acknowledgements } from './acknowledgements.ts';

const FINGERPRINT = /^[0-9a-f]{12}$/;
const fingerprint = optional(
  text('the fingerprint of a key, 12 hex digits as a report shows it', FINGERPRINT),
);

const common = {
  contract: oneOf('signed', 'none'),
  mode: oneOf('run', 'dry-run'),
};

const rotating = {
  ...common,
  credential: text('a name such as ci-legacy', /^[a-z][a-z0-9-]{1,39}$/),
  acknowledge: acknowledgements,
  wish: optional(oneOf('forced', 'compromise')),
  bootstrap: optional(oneOf('yes')),
  adopt: fingerprint,
  resolve: fingerprint,
};

const { service: _, ...place } = targetInputs;
/** Of a credential of a contract, which says everything else. A credential is of no one service. */
const agreed = {
  ...rotating,
  ...place,
  'github-token': optional(text("the job's token, which reads who approved")),
};

/** Of a credential without a contract. */
const alone = {
  ...rotating,
  user: text('the name of an IAM user', /^[\w+=,.@-]{1,64}$/),
  account: place.account,
  region: optional(place.region),
  escrow: text('the name or ARN of a secret', /^[\w/+=.@:-]{1,2048}$/),
  journal: text('the name of an S3 bucket', /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
  repository: optional(text('a repository, OWNER/NAME', /^[\w.-]+\/[\w.-]+$/)),
  environment: optional(text('the name of an environment', /^[^\n]{1,255}$/)),
  'secret-name': otherwise(
    'AWS_KEY',
    text('what the names of the secrets begin with', /^[A-Z_][A-Z0-9_]{0,80}$/),
  ),
  'probe-workflow': optional(text('the file name of a workflow', /^[\w.-]+\.ya?ml$/)),
  'probe-ref': otherwise('main', text('a branch', /^[\w./-]{1,200}$/)),
  'github-token': optional(text('the token of an App installation')),
  external: lines(),
  'cadence-hours': otherwise('24', integer(1, 1440)),
  'max-age-days': otherwise('60', integer(10, 365)),
  'grace-days': otherwise('7', integer(7, 90)),
  'drain-days': otherwise('14', integer(2, 180)),
};

/** Every input: what is required depends on `contract`. */
export const inputs = inputsOf(common, agreed, alone);

export type AgreedInputs = Given<typeof agreed>;
export type AloneInputs = Given<typeof alone>;
export type RotateRequest =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs }
  | { readonly kind: 'alone'; readonly given: AloneInputs };
/** Modes that this action had before they became actions of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  report: 'report-credentials',
  'open-grant': 'grant-access',
  'close-grant': 'grant-access',
  'revoke-grants': 'grant-access',
  'list-grants': 'grant-access',
};

/** Reads the inputs of the way that `contract` names; one of another way is a mistake. */
export function readRotateInputs(runner: Runner): RotateRequest {
  const token = runner.input('github-token');
  if (token !== '') runner.mask(token);
  const mode = runner.input('mode');
  const elsewhere = Object.hasOwn(ELSEWHERE, mode) ? ELSEWHERE[mode] : undefined;
  if (elsewhere !== undefined)
    throw inputsInvalid([
      `mode is ${JSON.stringify(mode)}: that is the action ${elsewhere} now, so write \`uses: …/actions/${elsewhere}\` with the inputs of its README`,
    ]);
  if (runner.input('contract') !== 'none')
    return {
      kind: 'agreed',
      given: readWay(runner, inputs, {
        way: agreed,
        others: '`contract: none`; the contract says it',
        further: approvalMistakes,
      }),
    };
  return {
    kind: 'alone',
    given: readWay(runner, inputs, {
      way: alone,
      others: 'a credential of a contract',
      further: mistakesOf,
    }),
  };
}

/** Without the job's token nobody can say who approved. */
function approvalMistakes(given: AgreedInputs): readonly string[] {
  const { wish, acknowledge, 'github-token': token } = given;
  if (token !== undefined) return [];
  const asked = [
    ...(wish === 'compromise' ? ['the answer to a leak needs it'] : []),
    ...(acknowledge !== undefined ? ['an acknowledgement needs it'] : []),
  ];
  return asked.length > 0
    ? [
        `github-token is missing: ${asked.join(', and ')}, to read who approved. Give the job's own, github.token`,
      ]
    : [];
}

function mistakesOf(given: AloneInputs): readonly string[] {
  return [
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
}
