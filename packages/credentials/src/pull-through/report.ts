import type { Reported } from '../credential-kind.ts';
import { sightSecret } from '../report/sight-secret.ts';
import type { Look } from '../report/sighting.ts';
import { orUnknown, type ReportWorld, search, sightEach } from '../report/world.ts';
import type { PullThrough } from './terms.ts';

/** Pull-through cache rules and the secrets that they sign in with. */
export async function look(world: ReportWorld, credentials: readonly Reported<PullThrough>[]): Promise<Look> {
  const listed = orUnknown(world, async () => ({ rules: await world.rules.list() }));
  const known = new Set(credentials.map(({ prefix }) => prefix));
  const [sightings, strays] = await Promise.all([
    sightEach(world, credentials, async ({ prefix, secret }) => {
      const all = await listed;
      if ('kind' in all) return all;
      const rule = all.rules.find((one) => one.prefix === prefix);
      if (!rule) return { kind: 'missing', said: `ECR has no pull-through cache rule ${prefix}.` };
      if (nameIn(rule.credential) !== secret)
        return {
          kind: 'seen',
          bornAt: undefined,
          by: 'ECR',
          hold: {
            code: 'ROTATION_INTERFERED',
            message: `The rule ${prefix} does not sign in with ${secret}.`,
            remedy: 'Find out who changed the rule, and let contract and rule name the same secret.',
            facts: [`it signs in with ${rule.credential ?? 'nothing'}`],
          },
        };
      return sightSecret(world, secret);
    }),
    search(world, 'pull-through cache rules', async () => {
      const all = await listed;
      if ('kind' in all) throw new Error(all.why);
      return all.rules
        .filter(({ prefix, credential }) => credential !== undefined && !known.has(prefix))
        .map(({ prefix }) => ({
          kind: 'pull-through',
          subject: `pull-through rule ${prefix}`,
          said: 'A pull-through cache rule signs in with a secret, and no credential of the contract is that.',
          bornAt: undefined,
          tags: {}, // rules have none
        }));
    }),
  ]);
  return { sightings, ...strays };
}

/** What Secrets Manager adds to a name in an ARN is a hyphen and six characters. */
function nameIn(arn: string | undefined): string | undefined {
  return arn
    ?.split(':')
    .at(-1)
    ?.replace(/-[A-Za-z0-9]{6}$/, '');
}
