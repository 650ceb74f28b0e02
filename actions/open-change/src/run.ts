import type { Outcome } from '@tenant-delivery/action-kit/main';
import { inputsInvalid } from '@tenant-delivery/action-kit/readers';
import { comesFromElsewhere } from '@tenant-delivery/domain';
import { assess } from './assess.ts';
import { contradictions, type OpenChangeInputs } from './inputs.ts';
import type { World } from './ports.ts';
import { proposeDelivery } from './propose-delivery.ts';
import { proposePromotion } from './propose-promotion.ts';
import { proposeRollback } from './propose-rollback.ts';

export async function run(given: OpenChangeInputs, world: World): Promise<Outcome> {
  const mistakes = contradictions(given);
  if (mistakes.length > 0) throw inputsInvalid(mistakes);
  if (given.mode === 'assess') return assess(given, world);
  const { kind } = given;
  if (comesFromElsewhere(kind)) return proposePromotion(given, kind, world);
  return kind === 'rollback' ? proposeRollback(given, world) : proposeDelivery(given, world);
}
