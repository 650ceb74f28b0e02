import { type Given, integer, oneOf, optional, text } from '@tenant-delivery/action-kit/readers';
import { readerAppInputs, targetInputs } from '@tenant-delivery/delivery/inputs';
import { CHANGE_ID, PARTS, PROVISIONING_KINDS, type Role, type Target } from '@tenant-delivery/domain';

const { service: _, ...place } = targetInputs;

export const inputs = {
  ...place,
  part: oneOf(...PARTS),
  mode: oneOf('plan', 'apply', 'verify', 'observe', 'settle'),
  kind: oneOf(...PROVISIONING_KINDS),
  change: optional(text('the `change` output of mode plan', CHANGE_ID)),
  reason: optional(text('a sentence of at most 500 characters', /^[^\0]{1,500}$/s)),
  'external-ref': optional(text('a ticket number of at most 100 characters', /^[^\0\n]{1,100}$/)),
  'job-status': oneOf('success', 'failure', 'cancelled'),
  'timeout-minutes': integer(5, 350),
  'github-token': text("the job's token; leave it out to use it"),
  ...readerAppInputs,
};

export type ProvisionInputs = Given<typeof inputs>;

/** Only the job of an approved change has the role that executes, and only that of a plan the one that makes change sets. */
export const ROLE_OF = {
  plan: 'provision-plan',
  verify: 'verify',
  observe: 'observe',
  settle: 'provision-plan',
  apply: 'provision',
} as const satisfies Record<ProvisionInputs['mode'], Role>;

/** The place of the changes of this part: they are recorded under its name as others under their service's. */
export function targetOfPart({ tenant, environment, account, region, part }: ProvisionInputs): Target {
  return { tenant, environment, account, region, service: part };
}
