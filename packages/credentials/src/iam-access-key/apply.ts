import { applyDeliveryStep } from '@tenant-delivery/rotation/distribution/apply';
import { isDeliveryStep } from '@tenant-delivery/rotation/distribution/facts';
import { endingOf } from '@tenant-delivery/rotation/ending';
import { fingerprintOf } from '@tenant-delivery/rotation/fingerprint';
import type { Ending } from '@tenant-delivery/rotation/journal-entry';
import type { Answer } from '@tenant-delivery/rotation/ports';
import type { Step } from './facts.ts';
import type { IamAccessKeyWorld } from './observe.ts';

const MOST_PUTS = 3;

/** Takes one step. Keys are looked up by their fingerprint, so that nothing but what was seen can be touched. */
export async function applyIamAccessKeyStep(world: IamAccessKeyWorld, step: Step): Promise<Ending> {
  if (isDeliveryStep(step)) return applyDeliveryStep(world, step);
  switch (step.do) {
    case 'create':
      return create(world, step.version);
    case 'disable-orphan':
    case 'disable':
      return endingOf(await onKey(world, step.key, (id) => world.keys.setStatus(id, 'Inactive')));
    case 'enable':
      return endingOf(await onKey(world, step.key, (id) => world.keys.setStatus(id, 'Active')));
    case 'delete-orphan':
    case 'delete':
      return endingOf(await onKey(world, step.key, (id) => world.keys.delete(id)));
    case 'deny-sessions':
      return endingOf(await world.keys.denySessions(Date.parse(step.before)));
  }
}

/** The pair is in memory only between two calls. If escrow does not take the key, the same run deletes it. */
async function create(world: IamAccessKeyWorld, version: string): Promise<Ending> {
  const { account } = await world.caller.identity();
  const made = await world.keys.create();
  if (made === 'unknown') return { answer: 'unknown' };
  if ('refused' in made) return { answer: 'refused', said: made.refused };
  let put: Answer = 'unknown';
  for (let puts = 0; puts < MOST_PUTS && put === 'unknown'; puts += 1)
    put = await world.escrow.put(version, made).catch((): Answer => 'unknown');
  if (put === 'done') return { answer: 'done', key: fingerprintOf(account, made.id) };
  const deleted = await world.keys.delete(made.id).catch((): Answer => 'unknown');
  const said = put === 'unknown' ? 'escrow gave no answer' : `escrow refused: ${put.refused}`;
  return { answer: deleted === 'done' ? 'undone' : 'unknown', said };
}

/** Looks the key up again by its fingerprint. A key that is gone needs no change. */
async function onKey(
  world: IamAccessKeyWorld,
  fingerprint: string,
  change: (id: string) => Promise<Answer>,
): Promise<Answer> {
  const [{ account }, keys] = await Promise.all([world.caller.identity(), world.keys.list()]);
  const key = keys.find(({ id }) => fingerprintOf(account, id) === fingerprint);
  return key ? change(key.id) : { refused: `the user has no key ${fingerprint}` };
}
