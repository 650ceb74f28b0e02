import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitCredential } from '@tenant-delivery/delivery/admit-credential';
import { approvalOfRun } from '@tenant-delivery/delivery/run-approval';
import type { CredentialAdmission } from '@tenant-delivery/tenancy/credential-admission';
import { clearCredential } from '@tenant-delivery/tenancy/credential-clearance';
import { failures } from './failures.ts';
import { go } from './go.ts';
import type { AgreedInputs } from './inputs.ts';
import type { AgreedWorld } from './rotate-world.ts';

/** Under the contract: what it changes, for whom and how, and the journal in the environment's own vault. */
export async function runAgreed(given: AgreedInputs, world: AgreedWorld): Promise<Outcome> {
  const { tenant, environment, account, region } = given;
  const place = { tenant, environment, account, region };
  const wish = {
    credential: given.credential,
    leaked: given.wish === 'compromise',
    acknowledged: given.acknowledge !== undefined,
  };
  const admission = await admitCredential(world, place, wish);
  if (wish.leaked || wish.acknowledged) await requireApproval(world, admission);
  const seen = await world.look(admission);
  const clearance = clearCredential(admission, seen, world.clock.now());
  return go(given, await world.open(clearance, admission));
}

/** Throws unless people other than who started this run approved it: it speaks for all who use the credential. */
async function requireApproval(
  world: AgreedWorld,
  { credential, environment: { approval } }: CredentialAdmission,
): Promise<void> {
  const judged = await approvalOfRun(world, { environments: [approval.environment], roles: approval.roles });
  if ('why' in judged) throw failures.rotationNotApproved(credential.id, judged.why);
  world.runner.verbatim([`Approved by ${judged.approvers.join(', ')}.`]);
}
