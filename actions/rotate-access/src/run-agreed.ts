import type { Outcome } from '@tenant-delivery/action-kit/main';
import { admitCredential } from '@tenant-delivery/delivery/admit-credential';
import { clearCredential } from '@tenant-delivery/tenancy/credential-clearance';
import { agreedTimes, frozenUntil } from '@tenant-delivery/tenancy/credential-times';
import { go } from './go.ts';
import type { AgreedInputs } from './inputs.ts';
import type { AgreedWorld } from './rotate-world.ts';

/** Under the contract: which user, for whom and how, and the journal in the environment's own vault. */
export async function runAgreed(given: AgreedInputs, world: AgreedWorld): Promise<Outcome> {
  const { tenant, environment, account, region } = given;
  const place = { tenant, environment, account, region };
  const wish = { credential: given.credential, leaked: given.wish === 'compromise' };
  const admission = await admitCredential(world, place, wish);
  const { credential } = admission;
  const seen = { identity: world.identity, region, user: await world.userArn(credential.user) };
  const now = world.clock.now();
  const opened = await world.open(clearCredential(admission, seen, now), admission.environment.githubApp);
  return go(given, { ...agreedTimes(credential), closedUntil: frozenUntil(credential, now) }, opened);
}
