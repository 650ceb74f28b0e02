import {
  CreatePullThroughCacheRuleCommand,
  DescribePullThroughCacheRulesCommand,
  ECRClient,
  UpdatePullThroughCacheRuleCommand,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { acceptUpstream, revokeUpstream } from '../src/services/ecr.ts';
import { seedSecret } from '../src/services/secretsmanager.ts';
import { ACME, REGION, refusal } from './acme.ts';

const HUB = 'registry-1.docker.io';
let aws: LocalAws;
let ecr: ECRClient;
let sm: SecretsManagerClient;
beforeAll(async () => {
  aws = await startLocalAws({ runtime: 'simulated' });
  const config = { endpoint: aws.url, region: REGION, credentials: aws.addAccount(ACME), maxAttempts: 1 };
  ecr = new ECRClient(config);
  sm = new SecretsManagerClient(config);
});
afterAll(() => aws.close());

describe('a pull-through cache rule', () => {
  it('is valid while the upstream registry takes what its secret says now', async () => {
    acceptUpstream(aws.world, HUB, 'acme', 'token-1');
    const { arn } = seedSecret(aws.world, ACME, REGION, {
      name: 'ecr-pullthroughcache/hub',
      value: JSON.stringify({ username: 'acme', accessToken: 'token-1' }),
    });
    await ecr.send(
      new CreatePullThroughCacheRuleCommand({
        ecrRepositoryPrefix: 'hub',
        upstreamRegistryUrl: HUB,
        credentialArn: arn,
      }),
    );
    const validate = () => ecr.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'hub' }));
    expect(await validate()).toMatchObject({ isValid: true, credentialArn: arn });
    revokeUpstream(aws.world, HUB, 'token-1');
    expect(await validate()).toMatchObject({ isValid: false, failure: expect.stringContaining('refused') });
    acceptUpstream(aws.world, HUB, 'acme', 'token-2');
    await sm.send(
      new PutSecretValueCommand({
        SecretId: arn,
        SecretString: JSON.stringify({ username: 'acme', accessToken: 'token-2' }),
      }),
    );
    expect(await validate()).toMatchObject({ isValid: true });
    const { pullThroughCacheRules } = await ecr.send(new DescribePullThroughCacheRulesCommand({}));
    expect(pullThroughCacheRules).toMatchObject([
      { ecrRepositoryPrefix: 'hub', upstreamRegistry: 'docker-hub' },
    ]);
  });

  it('takes no secret whose name ECR may not read', async () => {
    const { arn } = seedSecret(aws.world, ACME, REGION, { name: 'other', value: '{}' });
    const update = new UpdatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'hub', credentialArn: arn });
    expect(await refusal(ecr.send(update))).toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is asked at the registry itself too: its token endpoint takes the same credential', async () => {
    const ask = async (token: string) => {
      const authorization = `Basic ${Buffer.from(`acme:${token}`).toString('base64')}`;
      return (await fetch(`${aws.url}/_local/upstream/${HUB}/token`, { headers: { authorization } })).status;
    };
    expect([await ask('token-2'), await ask('token-1')]).toEqual([200, 401]);
  });
});
