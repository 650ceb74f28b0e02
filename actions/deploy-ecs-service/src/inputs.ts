import { integer, lines, oneOf, optional, type Reader, text } from '@tenant-delivery/action-kit/readers';
import { changeInputs } from '@tenant-delivery/delivery/inputs';
import { ACCOUNT, REGION, type Role } from '@tenant-delivery/domain';
import type { Waiver } from '@tenant-delivery/isolation/judge';
import { readWaivers } from '@tenant-delivery/isolation/waivers';

/** A text that is read as a whole once it is known which of them were given: see `read-given.ts`. */
const written: Reader<string> = (given) => ({ value: given });
const absent =
  (why: string): Reader<undefined> =>
  (given) =>
    given === '' ? { value: undefined } : { problem: 'is given', fix: why };

/** An input that has one value where a contract is. */
const only =
  <const T extends string>(value: T, why: string): Reader<T> =>
  (given) =>
    given === value ? { value } : { problem: `is ${JSON.stringify(given.slice(0, 80))}`, fix: why };

const waivers =
  (contracted: boolean): Reader<readonly Waiver[]> =>
  (given) => {
    const read = lines()(given);
    const waived = readWaivers('value' in read ? read.value : [], contracted);
    return 'waivers' in waived ? { value: waived.waivers } : waived;
  };

/** RFC 3339, or as JavaScript writes a Date, in milliseconds. */
const moment: Reader<number> = (given) => {
  const value = Date.parse(given);
  return Number.isNaN(value)
    ? { problem: `is ${JSON.stringify(given.slice(0, 80))}`, fix: 'give a time such as 2026-11-25T10:00:00Z' }
    : { value };
};

const PATH = /^(?!\/)[^\0\n]{1,500}$/;

/** What a deploy is asked for. In a contracted service it belongs to the step that plans. */
export const requestInputs = {
  'task-definition': optional(text('a file relative to the workspace, .json, .yaml or .yml', PATH)),
  revision: optional(
    text(
      'the ARN of a task definition with its revision, or family:revision',
      /^(arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:task-definition\/)?[A-Za-z0-9_-]{1,255}:\d+$/,
    ),
  ),
  images: written,
  'environment-variables': written,
  secrets: written,
  'task-definition-patch': written,
  'service-update': written,
  tags: written,
  'allow-unknown': written,
  migration: written,
};

/** How it is gone about. */
const optionInputs = {
  mode: oneOf('plan', 'deploy'),
  resolve: oneOf('none', 'tag'),
  'unused-images': oneOf('fail', 'leave-out'),
  wait: oneOf('true', 'false'),
  'timeout-minutes': integer(1, 360),
  'if-in-progress': oneOf('fail', 'wait', 'replace', 'attach'),
  'on-failure': oneOf('rollback', 'report'),
  'on-cancel': oneOf('leave', 'rollback'),
  resume: optional(oneOf('continue', 'rollback')),
  hook: optional(text('the `hook` output of the run that paused', /^[\x21-\x7e]{1,255}$/)),
  retention: integer(0, 1000),
  'waive-checks': waivers(true),
};

const alone = {
  cluster: optional(text("the cluster's name", /^[A-Za-z0-9_-]{1,255}$/)),
  'credentials-until': optional(moment),
  service: text("the service's name", /^[A-Za-z0-9_-]{1,255}$/),
  account: optional(text('the AWS account id, 12 digits in quotes', ACCOUNT)),
  region: optional(text('the AWS region, such as eu-west-1', REGION)),
};
const OF_A_CONTRACT = 'remove it, or remove `contract: none`: it belongs to a contract';

/** Every input with a reader that takes what either story takes. */
export const inputs = {
  contract: oneOf('signed', 'none'),
  ...alone,
  tenant: written,
  environment: written,
  change: written,
  ...optionInputs,
  ...requestInputs,
};

export const contracted = {
  ...inputs,
  ...changeInputs,
  cluster: absent('remove it: the contract names the cluster'),
  'credentials-until': absent('remove it: the session of a contract is renewed in time'),
  resolve: only('none', 'remove it: the change brings the image, by its digest'),
  'unused-images': only('fail', 'remove it: the change brings one image, of the container in the manifest'),
  wait: only('true', 'remove it: a delivery is followed to its end'),
};

export const standalone = {
  ...inputs,
  tenant: absent(OF_A_CONTRACT),
  environment: absent(OF_A_CONTRACT),
  change: absent(OF_A_CONTRACT),
  'waive-checks': waivers(false),
};

/** The first role is the one that asks ECS; planning has a role that cannot change anything there. */
export const ROLES_OF = {
  plan: ['gate', 'evidence'],
  deploy: ['deploy', 'evidence'],
} as const satisfies Record<'plan' | 'deploy', readonly Role[]>;
