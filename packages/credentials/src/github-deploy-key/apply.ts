import { applyDeliveryStep } from '@tenant-delivery/rotation/distribution/apply';
import { isDeliveryStep } from '@tenant-delivery/rotation/distribution/facts';
import { endingOf } from '@tenant-delivery/rotation/ending';
import type { Ending } from '@tenant-delivery/rotation/journal-entry';
import type { Answer, KeyPair } from '@tenant-delivery/rotation/ports';
import type { Step } from './facts.ts';
import type { GithubDeployKeyWorld } from './ports.ts';
import { sshFingerprint } from './ssh-key.ts';

/** Takes one step. `candidate` is the pair in memory. Only the pair that the journal announced goes into escrow. */
export async function applyGithubDeployKeyStep(
  world: GithubDeployKeyWorld,
  step: Step,
  candidate: KeyPair | undefined,
): Promise<Ending> {
  if (isDeliveryStep(step)) return applyDeliveryStep(world, step);
  switch (step.do) {
    case 'escrow': {
      if (candidate?.id !== step.publicKey)
        return { answer: 'refused', said: 'the key that was announced is not in memory any more' };
      const put = endingOf(await world.escrow.put(step.version, candidate));
      return put.answer === 'done' ? { ...put, key: step.key } : put;
    }
    case 'register':
    case 'restore':
      return endingOf(await world.keys.add(step));
    case 'delete':
      return endingOf(await deleted(world, step.key));
  }
}

/** The key is looked up again by its fingerprint, so that nothing but what was seen can be touched. */
async function deleted({ keys }: GithubDeployKeyWorld, fingerprint: string): Promise<Answer> {
  const listed = await keys.list();
  if (listed === 'absent') return { refused: 'GitHub shows no such repository' };
  const key = listed.find(({ publicKey }) => sshFingerprint(publicKey) === fingerprint);
  return key ? keys.delete(key.id) : 'done';
}
