import type { Reason } from '@tenant-delivery/rotation/plan';
import type { Sighting } from './sighting.ts';
import { orUnknown, type ReportWorld } from './world.ts';

/** A secret by its name: when the value that it gives out was put there. */
export async function sightSecret(world: ReportWorld, name: string): Promise<Sighting> {
  const [secret, dates] = await Promise.all([
    world.secrets.find(name),
    orUnknown(world, async () => new Map(Object.entries(await world.secrets.versionDates(name)))),
  ]);
  if (!secret) return { kind: 'missing', said: `Secrets Manager has no secret ${name}.` };
  const seen = { kind: 'seen', bornAt: undefined, by: 'Secrets Manager' } as const;
  if (secret.deletedAt !== undefined) return { ...seen, hold: { ...DELETED, facts: [] } };
  const current = Object.entries(secret.versions).find(([, labels]) => labels.includes('AWSCURRENT'))?.[0];
  if (current === undefined) return { ...seen, hold: { ...EMPTY, facts: [] } };
  if ('kind' in dates) return dates;
  return { ...seen, bornAt: dates.get(current) };
}

const DELETED: Reason = {
  code: 'ROTATION_ESCROW',
  message: 'The secret is scheduled for deletion.',
  remedy: 'Stop its deletion, or take the credential out of the contract.',
};
const EMPTY: Reason = {
  code: 'ROTATION_ESCROW',
  message: 'The secret has no version that is in use.',
  remedy: 'Put a value into it, or take the credential out of the contract.',
};
