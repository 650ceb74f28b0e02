import { inputsOf, readWay } from '@tenant-delivery/action-kit/input-ways';
import {
  type Given,
  integer,
  lines,
  oneOf,
  optional,
  type Reader,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { targetInputs } from '@tenant-delivery/delivery/inputs';
import { acknowledgements } from './acknowledgements.ts';
import { GRANT_MODES, type GrantInputs, granting, grantMistakes } from './grants/inputs.ts';

const FINGERPRINT = /^[0-9a-f]{12}$/;
const fingerprint = optional(
  text('the fingerprint of a key, 12 hex digits as a report shows it', FINGERPRINT),
);

const common = {
  contract: oneOf('signed', 'none'),
  mode: oneOf('run', 'dry-run', 'report', ...GRANT_MODES),
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

/** Of all credentials of an environment. */
const reporting = {
  ...common,
  ...place,
  'github-token': optional(text("the job's token, which may write issues")),
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

/** Every input: what is required depends on `contract` and `mode`. */
export const inputs = inputsOf(common, agreed, alone, granting);

export type AgreedInputs = Given<typeof agreed>;
export type AloneInputs = Given<typeof alone>;
export type ReportInputs = Given<typeof reporting>;
export type RotateRequest =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs }
  | { readonly kind: 'alone'; readonly given: AloneInputs };
export interface ReportRequest {
  readonly kind: 'report';
  readonly given: ReportInputs;
}

export interface GrantRequest {
  readonly kind: 'grants';
  readonly given: GrantInputs;
}

/** Reads the inputs of the way that `mode` and `contract` name; one of another way is a mistake. */
export function readAccessInputs(runner: Runner): RotateRequest | ReportRequest | GrantRequest {
  const modes: readonly string[] = GRANT_MODES;
  if (modes.includes(runner.input('mode'))) return { kind: 'grants', given: readGrantInputs(runner) };
  return runner.input('mode') === 'report'
    ? { kind: 'report', given: readReportInputs(runner) }
    : readRotateInputs(runner);
}

export function readRotateInputs(runner: Runner): RotateRequest {
  const token = runner.input('github-token');
  if (token !== '') runner.mask(token);
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

function readReportInputs(runner: Runner): ReportInputs {
  return readWay(runner, inputs, {
    way: reporting,
    others: 'the rotation of one credential',
    further: ({ contract }) =>
      contract === 'none'
        ? ['contract is "none": what there should be is known by the signed contract, so remove it']
        : [],
  });
}

function readGrantInputs(runner: Runner): GrantInputs {
  return readWay(runner, inputs, {
    way: granting,
    others: 'the rotation of credentials',
    further: grantMistakes,
  });
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

/** `usual` where nothing was given. */
function otherwise<T>(usual: string, reader: Reader<T>): Reader<T> {
  return (given) => reader(given === '' ? usual : given);
}
