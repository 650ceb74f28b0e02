import type { Adopted, Found, Identifier } from '@tenant-delivery/provisioning/adopt/adopted';
import type { ExistingResources } from '@tenant-delivery/provisioning/ports';
import type { Stack } from '@tenant-delivery/provisioning/stacks/stacks-of';

/** Looks, all at once, for everything that a stack adopts and does not have yet. Changes nothing. */
export async function findExisting(
  existing: ExistingResources,
  { adopts = {} }: Pick<Stack, 'adopts'>,
  has: readonly string[],
): Promise<Readonly<Record<string, Found>>> {
  const found = Object.entries(adopts)
    .filter(([id]) => !has.includes(id))
    .map(async ([id, adopted]) => [id, await findOne(existing, adopted)] as const);
  return Object.fromEntries(await Promise.all(found));
}

async function findOne(existing: ExistingResources, { type, sought }: Adopted): Promise<Found> {
  const identifier = await identifierOf(existing, sought);
  if (!identifier) return { kind: 'absent' };
  const properties = await existing.properties(type, identifier);
  if (!properties) return { kind: 'absent' };
  const id = physicalId(type, identifier);
  return { kind: 'found', identifier, id, properties, stack: await existing.stackOf(id) };
}

async function identifierOf(
  existing: ExistingResources,
  sought: Adopted['sought'],
): Promise<Identifier | undefined> {
  if (sought.by === 'identifier') return sought.identifier;
  const arn = await existing.arn(sought.by, sought.name);
  const member = sought.by === 'load balancer' ? 'LoadBalancerArn' : 'TargetGroupArn';
  return arn === undefined ? undefined : { [member]: arn };
}

/** What `Ref` gives: of most types the identifier, of a service its ARN alone. */
function physicalId(type: string, identifier: Identifier): string {
  const values = Object.values(identifier);
  return type === 'AWS::ECS::Service' ? (values[0] ?? '') : values.join('|');
}
