import { endingOf } from '@tenant-delivery/rotation/ending';
import { CURRENT, PENDING } from '@tenant-delivery/rotation/escrow';
import type { Ending } from '@tenant-delivery/rotation/journal-entry';
import type { Answer } from '@tenant-delivery/rotation/ports';
import type { Step } from './facts.ts';
import type { SecretsManagerWorld } from './observe.ts';

/** Takes one step. */
export async function applySecretsManagerStep(world: SecretsManagerWorld, step: Step): Promise<Ending> {
  return endingOf(await answerOf(world, step));
}

function answerOf({ secret, consumers }: SecretsManagerWorld, step: Step): Promise<Answer> {
  switch (step.do) {
    case 'rotate':
      return secret.rotate(step.version);
    case 'promote':
    case 'demote':
      return secret.label(CURRENT, step.version, step.from);
    case 'settle':
      return secret.label(PENDING, undefined, step.version);
    case 'keep':
      return secret.label(step.label, step.version, undefined);
    case 'release':
      return secret.label(step.label, undefined, step.version);
    case 'register':
      return consumers.register(step.service, step.from, step.version);
    case 'deploy':
      return consumers.deploy(step);
    case 'restart':
      return consumers.restart(step);
  }
}
