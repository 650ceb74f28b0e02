import type { Outcome } from '@tenant-delivery/action-kit/main';
import { applyPart } from './apply/apply-part.ts';
import type { ProvisionInputs } from './inputs.ts';
import { observePart } from './observe/observe-part.ts';
import { planPart } from './plan/plan-part.ts';
import type { World } from './ports.ts';
import { settlePart } from './settle/settle-part.ts';
import { verifyLater } from './verify/verify-later.ts';

/** Plans a part of an environment, applies what was approved, verifies what was applied, compares what is there, or records how a change ended. */
export async function run(given: ProvisionInputs, world: World): Promise<Outcome> {
  switch (given.mode) {
    case 'plan':
      return planPart(await world.plan(), given);
    case 'apply':
      return applyPart(await world.apply(), given);
    case 'verify':
      return verifyLater(await world.verify(), given);
    case 'observe':
      return observePart(await world.observe(), given);
    case 'settle':
      return settlePart(await world.settle(), given);
  }
}
