import { describe, expect, it } from '@jest/globals';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import {
  account,
  actAs,
  build,
  failureOf,
  HOST,
  local,
  named,
  OTHER,
  REPOSITORY,
  region,
  repository,
  SHA,
  type Situation,
  tags,
} from './a-build-alone.ts';

describe('nothing is built', () => {
  const refused = async (situation: Situation) => {
    const failure = await failureOf(build(situation));
    expect(tags()).toEqual({});
    return failure;
  };

  it('for a repository under contract, nor for a cache in one', async () => {
    const contract = { 'tenant-delivery:contract': 'acme/prod' };
    seedRepository(local.aws.world, account, region, 'acme/orders').resourceTags = contract;
    const ofImage = await refused({ inputs: { push: 'true', tags: `${HOST()}/acme/orders:1` } });
    const ofCache = await refused({
      inputs: {
        push: 'true',
        tags: named('1'),
        'cache-to': `type=registry,ref=${HOST()}/acme/orders:cache`,
      },
    });
    for (const { code, message } of [ofImage, ofCache])
      expect([code, message]).toEqual([
        'SERVICE_CONTRACTED',
        expect.stringMatching(/^The repository acme\/orders is under the contract acme\/prod/),
      ]);
  });

  it("with a session of a contract's role", async () => {
    actAs(`arn:aws:sts::${account}:assumed-role/td-prod-build/td-acme-prod-orders`);
    const { code } = await refused({ inputs: { push: 'true', tags: named('1') } });
    expect(code).toBe('CLEARANCE_REFUSED');
  });

  it('where there is no such repository, or it is in another registry', async () => {
    const absent = await refused({ inputs: { push: 'true', tags: `${HOST()}/web/none:1` } });
    expect([absent.code, absent.message]).toEqual(['REPOSITORY_ABSENT', expect.stringContaining('web/none')]);
    const elsewhere = (tags: string) =>
      refused({
        inputs: { push: 'true', tags },
        world: ({ aws }) => ({ aws: aws && { ...aws, local: false } }),
      });
    for (const registry of [
      'ghcr.io',
      'public.ecr.aws/a1b2',
      `${account}.dkr.ecr.us-east-1.amazonaws.com`,
      `999900001111.dkr.ecr.${region}.amazonaws.com`,
      `${account}.dkr.ecr.${region}.amazonaws.com.evil.example`,
    ]) {
      const { code, message } = await elsewhere(`${registry}/web/shop:1`);
      expect([code, message]).toEqual([
        'IMAGE_ELSEWHERE',
        expect.stringContaining(registry.split('/')[0] ?? ''),
      ]);
    }
    expect((await refused({ inputs: { push: 'true', tags: 'ghcr.io/web/shop:1' } })).code).toBe(
      'IMAGE_ELSEWHERE',
    );
  });

  it('where a tag that cannot move has an image of another commit; the same commit is pushed again', async () => {
    repository('IMMUTABLE');
    const inputs = { push: 'true', tags: `${named('1.4.0')},${named('v1')}` };
    const first = await build({ inputs });
    await build({ inputs });
    const { code, details } = await failureOf(build({ inputs, ...OTHER }));
    expect([code, details]).toEqual([
      'TAG_TAKEN',
      ['1.4.0', 'v1'].map(
        (tag) => `${tag} belongs to ${first.runner.outputs['digest']}, built from commit ${SHA}`,
      ),
    ]);
    const sameCommit = await failureOf(build({ inputs, files: { page: 'not reproducible' } }));
    expect(sameCommit.code).toBe('TAG_TAKEN');
    const images = ecrState(local.aws.world, account, region).repositories[REPOSITORY]?.manifests;
    expect(Object.keys(images ?? {})).toEqual([first.runner.outputs['digest']]);
  });

  it('with a cache in ECR that no credentials of the job can be shown to be for', async () => {
    const cache = `${account}.dkr.ecr.${region}.amazonaws.com/acme/orders:cache`;
    const { code } = await refused({
      inputs: { 'cache-to': `type=registry,ref=${cache}` },
      world: () => ({ aws: undefined }),
    });
    expect(code).toBe('AWS_CREDENTIALS_MISSING');
  });

  it('without an engine to load it into', async () => {
    const { code } = await refused({
      inputs: { load: 'true', tags: 'shop:test' },
      world: ({ builders }) => ({
        builders: { ...builders, loadUnavailable: async () => 'there is no docker program' },
      }),
    });
    expect(code).toBe('BUILDER_UNAVAILABLE');
  });

  it('from a Dockerfile outside of the workspace, or a context that is none', async () => {
    const outside = await refused({ inputs: { context: '../' } });
    expect(outside.code).toBe('COPY_OUTSIDE_CONTEXT');
    for (const file of ['/etc/hostname', '/etc/../etc/hostname'])
      expect((await refused({ inputs: { file } })).code).toMatch(/^(BUILD_SOURCE_MISSING|INPUTS_INVALID)$/);
    const missing = await refused({ inputs: { file: 'docker/none' } });
    expect([missing.code, missing.message]).toEqual([
      'BUILD_SOURCE_MISSING',
      expect.stringContaining('there is no file docker/none in the workspace'),
    ]);
  });
});
