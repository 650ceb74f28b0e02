import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ecrRegistry } from '@tenant-delivery/aws/ecr/registry';
import { ecrRepository } from '@tenant-delivery/aws/ecr/repository';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { Session } from '@tenant-delivery/aws/session/session';
import { readClaims } from '@tenant-delivery/delivery/claims';
import { ACME, inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { Digest } from '@tenant-delivery/domain';
import { type Fault, type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { ecrState, seedBaseImages, seedRepository, signingOf } from '@tenant-delivery/local-aws/services/ecr';
import { type Clearance, clear } from '@tenant-delivery/tenancy/clearance';

const SCALE = 100; // repeated requests wait so much less

let aws: LocalAws;
let session: Session;
let clearance: Clearance<'repository'>;
let image: Digest;

beforeAll(async () => {
  aws = await startLocalAws({ scale: SCALE });
  process.env['AWS_ENDPOINT_URL'] = aws.url;
  const { account, region } = ACME;
  const key = aws.addAccount(account);
  seedRepository(aws.world, account, region, 'acme/orders');
  signingOf(aws.world, account, region).rules = [{ signingProfileArn: 'arn', filters: ['other/*'] }];
  image = (await seedBaseImages(aws.world, account, region)).current as Digest; // made by digestOf
  const credentials = async () => ({ ...key, sessionToken: '', expiration: new Date('2099-01-01') });
  const base = { region, local: true, scale: SCALE, userAgent: 'test' };
  session = {
    region,
    local: true,
    target: ACME,
    clock: aws.clock,
    claims: readClaims(`.${Buffer.from('{}').toString('base64url')}.`),
    credentialsFor: () => credentials,
    identityIn: async () => ({ account, arn: `arn:aws:iam::${account}:root`, partition: 'aws' }),
    assume: async () => {},
    clientConfig: (_, attempts) => clientConfig(base, credentials, attempts),
  };
  const delivery = await inMemoryDelivery({ clock: aws.clock });
  const admission = await delivery.admission();
  const { identity } = delivery.as('build');
  const repository = { arn: admission.names.repositoryArn, registryId: account };
  clearance = clear('repository', admission, { identity, region, repository }, aws.clock.now());
});

afterAll(() => aws.close());

const registry = (masked: string[] = []) => ecrRegistry(session, (secret) => masked.push(secret));
const fail = (operation: string, kind: Fault['kind'], times = 1) =>
  aws.fail({ service: 'ecr', operation, nth: 1, times, kind });

describe('a tag in a repository of the account', () => {
  const repository = () =>
    ecrRepository({ ...session, identity: { account: ACME.account, arn: '', partition: 'aws' } }, 'deploy');

  it('is the digest of the index that it points to, absent only when ECR said so, and asked for in one request', async () => {
    const from = aws.calls.length;
    expect(await repository().digestOf('base/node', '24')).toBe(image);
    expect(aws.calls.slice(from).map(({ operation }) => operation)).toEqual(['BatchGetImage']);
    expect(await repository().digestOf('base/node', 'not-there')).toBe('absent');
    expect(await repository().digestOf('base/nodes', '24')).toBe('no repository');
  });

  it('is unknown, and never absent, where ECR did not answer or denied it', async () => {
    for (const [kind, code] of [
      ['denied', 'AWS_DENIED'],
      ['empty-reply', 'AWS_EMPTY_REPLY'],
    ] as const) {
      fail('BatchGetImage', kind);
      await expect(repository().digestOf('base/node', '24')).rejects.toMatchObject({ code });
    }
  });

  it('is not believed where the manifest is not what the digest names', async () => {
    const { manifests = {} } = ecrState(aws.world, ACME.account, ACME.region).repositories['base/node'] ?? {};
    const told = manifests[image];
    if (!told) throw new Error('the seed has no index');
    manifests[image] = { ...told, text: `${told.text} ` };
    await expect(repository().digestOf('base/node', '24')).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
    manifests[image] = told;
  });
});

describe('the registry of a tenant in ECR', () => {
  it('says how a repository is kept, and that one is absent only when ECR said so', async () => {
    expect(await registry().describe('acme/orders')).toEqual({
      arn: 'arn:aws:ecr:eu-west-1:000011112222:repository/acme/orders',
      registryId: '000011112222',
      uri: `${aws.registry}/acme/orders`,
      tagMutability: 'IMMUTABLE',
      exclusions: [],
      encryption: 'AES256',
      key: undefined,
    });
    const { account, region } = ACME;
    seedRepository(aws.world, account, region, 'acme/loose', {
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusions: ['sha256-*'],
    });
    expect(await registry().describe('acme/loose')).toMatchObject({
      tagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      exclusions: ['sha256-*'],
    });
    expect(await registry().describe('acme/nothing')).toBe('absent');
    fail('DescribeRepositories', 'empty-reply');
    await expect(registry().describe('acme/orders')).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
    fail('DescribeRepositories', 'denied');
    await expect(registry().describe('acme/orders')).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringContaining('ecr:DescribeRepositories'),
    });
  });

  it.each<[string, (one: ReturnType<typeof registry>) => Promise<unknown>]>([
    ['DescribeRegistry', (one) => one.replicatedTo('acme/orders')],
    ['GetSigningConfiguration', (one) => one.signedWith('acme/orders')],
    ['DescribeImageReplicationStatus', (one) => one.copies('base/node', image)],
    ['DescribeImageSigningStatus', (one) => one.signatures('base/node', image)],
  ])('is silent in %s only when ECR said that there is nothing', async (operation, look) => {
    expect(await look(registry())).toEqual([]);
    fail(operation, 'empty-reply');
    await expect(look(registry())).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
    fail(operation, 'denied');
    await expect(look(registry())).rejects.toMatchObject({
      code: 'AWS_DENIED',
      message: expect.stringContaining(`ecr:${operation}`),
    });
  });

  it('lets a push happen with a clearance, hides the password, and goes to the address that ECR named', async () => {
    const masked: string[] = [];
    const { writer, login } = await registry(masked).connect(clearance);
    expect([writer.host, login.host, login.username]).toEqual([aws.registry, aws.registry, 'AWS']);
    expect(masked).toContain(login.password);
    expect(await writer.readManifest('acme/orders', 'none')).toBe('absent');
    fail('GetAuthorizationToken', 'empty-reply');
    await expect(registry().connect(clearance)).rejects.toMatchObject({ code: 'AWS_EMPTY_REPLY' });
  });

  it('asks for no password without a clearance that was given, and is still good', async () => {
    const asked = () => aws.calls.filter(({ operation }) => operation === 'GetAuthorizationToken').length;
    const before = asked();
    await expect(registry().connect({ ...clearance })).rejects.toThrow('not given by clear()');
    const late = ecrRegistry(
      { ...session, clock: { ...aws.clock, now: () => aws.clock.now() + 3_600_000 } },
      () => {},
    );
    await expect(late.connect(clearance)).rejects.toMatchObject({ code: 'CLEARANCE_REFUSED' });
    expect(asked()).toBe(before);
  });
});
