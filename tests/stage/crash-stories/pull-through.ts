import { CreatePullThroughCacheRuleCommand } from '@aws-sdk/client-ecr';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { acceptUpstream, revokeUpstream } from '@tenant-delivery/local-aws/services/ecr';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { opening as pullThrough } from '@tenant-delivery/rotate-access/agreed/pull-through';
import type { Given, Story } from '../crashed-rotation.ts';
import { openedRun } from '../opened-run.ts';
import { account, clients, expected, ground, ownedByOthers, region, settled, versionsOf } from './ground.ts';

const CACHE = { kind: 'pull-through', id: 'hub', secret: 'ecr-pullthroughcache/hub', prefix: 'hub' } as const;
const HUB = 'registry-1.docker.io';

/** The owner of the upstream account stages a token, and revokes the old one when asked to. */
export async function pullThroughStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const operator = clients(at);
  const value = (accessToken: string) => JSON.stringify({ username: 'acme', accessToken });
  const old = seedSecret(aws.world, account, region, { name: CACHE.secret, value: value('token-of-before') });
  const accepted = new Set(['token-of-before', 'token-of-after']);
  for (const token of accepted) acceptUpstream(aws.world, HUB, 'acme', token);
  await operator.ecr.send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: CACHE.prefix,
      upstreamRegistryUrl: HUB,
      credentialArn: old.arn,
    }),
  );
  await operator.secrets.send(
    new PutSecretValueCommand({
      SecretId: CACHE.secret,
      SecretString: value('token-of-after'),
      VersionStages: ['TDPENDING'],
      ClientRequestToken: '22222222-2222-4222-8222-222222222222',
    }),
  );
  let revoked: string | undefined;
  const current = () => versionsOf(at, CACHE.secret)('AWSCURRENT')?.value ?? '{}';
  return {
    ...at,
    secrets: [...accepted],
    pass: (milliseconds) => clock.advance(milliseconds),
    people: async (end) => {
      const asked = end?.facts.flatMap((fact) => /acknowledges (\S+)/.exec(fact)?.[1] ?? [])[0];
      if (asked !== undefined && revoked === undefined) {
        revoked = asked.replace(/[.,`]+$/, '');
        revokeUpstream(aws.world, HUB, 'token-of-before');
        accepted.delete('token-of-before');
      }
      return revoked === undefined ? ({} as Given) : { acknowledge: revoked };
    },
    run: async (world, given) => (await openedRun(world, pullThrough, { ...CACHE }, given)).go(),
    violations: () =>
      accepted.has(JSON.parse(current()).accessToken) ? [] : ['ECR pulls with a token that is revoked'],
    judgeEnd: () =>
      expected({
        'the new token is current': current() === value('token-of-after'),
        'the old one was revoked': revoked !== undefined,
        'nothing waits': settled(at, CACHE.secret),
        'what others own is as it was': ownedByOthers(at),
      }),
    close: () => aws.close(),
  };
}
