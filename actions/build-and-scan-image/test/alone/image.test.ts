import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { BuildRequest } from '@tenant-delivery/oci/builder';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryLogin } from '@tenant-delivery/oci/registry/port';
import {
  build,
  failureOf,
  folder,
  HOST,
  local,
  named,
  OTHER,
  REPOSITORY,
  SHA,
  tags,
} from './a-build-alone.ts';

describe('an image without a contract', () => {
  it('is pushed by its digest under all its tags, and later steps get what docker/build-push-action gives them', async () => {
    const { outcome, runner } = await build({
      inputs: { push: 'true', tags: `${named(SHA)}\n${named('latest')},${named('1.4')}` },
    });
    const { digest = '', imageid = '', metadata = '', image } = runner.outputs;
    expect(outcome).toMatchObject({ outcome: 'built', ok: true, facts: { pushed: true, loaded: false } });
    expect(tags()).toEqual({ [SHA]: digest, latest: digest, '1.4': digest });
    expect(image).toBe(`${HOST()}/${REPOSITORY}@${digest}`);
    expect(JSON.parse(metadata)).toEqual({
      'containerimage.config.digest': imageid,
      'containerimage.digest': digest,
      'containerimage.descriptor': expect.objectContaining({ digest }),
      'image.name': `${named(SHA)},${named('latest')},${named('1.4')}`,
    });
    expect(imageid).not.toBe(digest);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('is found under names without a registry too, and nothing is inspected unless somebody asks', async () => {
    await build({ inputs: { push: 'true', tags: `${REPOSITORY}:next, ${REPOSITORY}` } });
    expect(Object.keys(tags())).toEqual(['next', 'latest']);
    expect(local.aws.calls.filter(({ operation }) => /Scan|DescribeImages/.test(operation))).toEqual([]);
    const { outcome } = await build({
      inputs: { push: 'true', tags: named('next'), 'scan-minutes': '5' },
    });
    expect(outcome.summary).toContain('UnsupportedImageError'); // a scratch image has no packages to look at
  });

  it('gives a second build of the same commit the same digest, and moves no tag for it', async () => {
    const inputs = { push: 'true', tags: named('latest') };
    const first = await build({ inputs });
    const second = await build({ inputs });
    expect(second.runner.outputs['digest']).toBe(first.runner.outputs['digest']);
    expect(second.runner.log).toContain('It has the tag latest already');
  });

  it('takes a tag that moves from the image before, and says from which', async () => {
    const inputs = { push: 'true', tags: named('latest') };
    const first = await build({ inputs });
    const second = await build({ inputs, ...OTHER });
    const [before, now] = [first.runner.outputs['digest'], second.runner.outputs['digest']];
    expect(before).not.toBe(now);
    expect(tags()).toEqual({ latest: now });
    expect(second.runner.log).toContain(`The tag latest moved to it from ${before}`);
  });

  it('is built and not pushed where push is false, and AWS is not asked if the job has no credentials', async () => {
    const before = local.aws.calls.length;
    const { outcome, runner } = await build({
      inputs: { push: 'false', tags: named('pr-7') },
      world: () => ({ aws: undefined }),
    });
    expect(outcome).toMatchObject({ ok: true, facts: { pushed: false, image: '' } });
    expect(runner.outputs).toMatchObject({ image: '', digest: expect.stringMatching(/^sha256:/) });
    expect(local.aws.calls.length).toBe(before);
    expect(tags()).toEqual({});
  });

  it('is loaded under its names as they are written, before anything is pushed', async () => {
    const { loaded, runner } = await build({ inputs: { load: 'true', tags: 'shop:test, ghcr.io/a/b:c' } });
    const { digest } = runner.outputs;
    expect(loaded).toEqual([{ root: digest, names: ['shop:test', 'ghcr.io/a/b:c'] }]);
    const broken = build({
      inputs: { push: 'true', load: 'true', tags: named('x') },
      world: ({ builders }) => ({
        builders: { ...builders, load: () => Promise.reject(new Error('engine is gone')) },
      }),
    });
    await expect(broken).rejects.toThrow('engine is gone');
    expect(tags()).toEqual({});
  });

  it('takes the Dockerfile and named contexts by their whole paths too', async () => {
    let asked: BuildRequest | undefined;
    await build({
      files: { 'docker/app.Dockerfile': 'FROM scratch\nCOPY page /page\n', 'assets/a': 'a' },
      inputs: {
        builder: 'buildx',
        file: join(folder, 'workspace/docker/app.Dockerfile'),
        'build-contexts': `assets=${join(folder, 'workspace/assets')}`,
      },
      world: ({ builders }) => ({
        builders: {
          ...builders,
          buildxUnavailable: async () => undefined,
          buildx: () => ({
            name: 'buildx',
            build: async (request) => {
              asked = request;
              const { contexts: _, ...own } = request; // our own builder, which stands in for buildx here, has none
              return ownBuilder({ host: '' } as Parameters<typeof ownBuilder>[0]).build(own);
            },
          }),
        },
      }),
    });
    expect(asked).toMatchObject({
      dockerfile: 'docker/app.Dockerfile',
      dockerfileFolder: expect.stringMatching(/workspace$/),
      contexts: { assets: expect.stringMatching(/workspace\/assets$/) },
    });
  });

  it('takes the Dockerfile from the workspace, labels and annotations from docker/metadata-action, and any platform', async () => {
    let asked: BuildRequest | undefined;
    await build({
      files: { 'docker/app.Dockerfile': 'FROM scratch\nCOPY a /a\n', 'app/a': 'a' },
      inputs: {
        context: '{{defaultContext}}:app',
        file: 'docker/app.Dockerfile',
        platforms: 'linux/arm/v7,linux/arm64/v8',
        labels: `org.opencontainers.image.revision=${'e'.repeat(40)}\norg.opencontainers.image.title=a, b=c`,
        annotations:
          'manifest:org.opencontainers.image.title=shop\nindex:org.opencontainers.image.title=shop',
      },
      world: ({ builders }) => ({
        builders: {
          ...builders,
          own: (registry) => {
            const own = ownBuilder(registry);
            return {
              ...own,
              build: (request) => {
                asked = request;
                return own.build(request);
              },
            };
          },
        },
      }),
    });
    expect(asked).toMatchObject({
      context: expect.stringMatching(/workspace\/app$/),
      dockerfile: 'docker/app.Dockerfile',
      dockerfileFolder: expect.stringMatching(/workspace$/),
      platforms: ['linux/arm/v7', 'linux/arm64'],
      labels: {
        'org.opencontainers.image.revision': 'e'.repeat(40),
        'org.opencontainers.image.title': 'a, b=c',
        'org.opencontainers.image.source': expect.stringContaining('/acme/orders'),
      },
      annotations: { 'org.opencontainers.image.title': 'shop' },
    });
  });

  it('gives buildx the caches, the login and the flags that were asked for, and no argument of ours', async () => {
    let asked: BuildRequest | undefined;
    let login: RegistryLogin | undefined;
    await build({
      inputs: {
        tags: named('x'),
        push: 'true',
        'build-args': 'LEVEL=1\nBUILDKIT_INLINE_CACHE=1\nNOTES',
        'cache-from': `type=gha,scope=web\n${named('cache')}`,
        'cache-to': `type=gha,mode=max\ntype=registry,ref=${named('cache')},mode=max\ntype=inline`,
        'no-cache-filters': 'deps, tests',
        pull: 'True',
      },
      world: ({ builders, aws }) => ({
        variable: (name) => ({ NOTES: 'first\nsecond' })[name],
        builders: {
          ...builders,
          buildxUnavailable: async () => undefined,
          buildx: (given) => {
            login = given;
            return {
              name: 'buildx',
              build: async (request) => {
                asked = request;
                return ownBuilder({ host: '' } as Parameters<typeof ownBuilder>[0]).build(request);
              },
            };
          },
        },
        aws,
      }),
    });
    expect(asked).toMatchObject({
      buildArgs: { LEVEL: '1', BUILDKIT_INLINE_CACHE: '1', NOTES: 'first\nsecond' },
      argumentsInVariables: ['NOTES'],
      caches: {
        from: ['type=gha,scope=web', `type=registry,ref=${named('cache')}`],
        to: [
          'type=gha,mode=max',
          `type=registry,ref=${named('cache')},mode=max,image-manifest=true,oci-mediatypes=true`,
          'type=inline',
        ],
      },
      noCache: ['deps', 'tests'],
      pull: true,
    });
    expect(login?.host).toBe(HOST());
  });

  it('warns of a build argument that looks like a credential, and shows its value nowhere', async () => {
    const { runner } = await build({
      files: { Dockerfile: 'FROM scratch\nARG NPM_TOKEN\nCOPY page /page\n' },
      inputs: { 'build-args': 'NPM_TOKEN=hunter2hunter2' },
    });
    expect(runner.log).toContainEqual(expect.stringContaining('The build argument NPM_TOKEN looks like'));
    expect(runner.masked).toContain('hunter2hunter2');
    expect(JSON.stringify([runner.log, runner.outputs, runner.summaries])).not.toContain('hunter2');
  });

  it('masks no word or number that a build argument named like a credential has: outputs may hold it by chance', async () => {
    const { runner } = await build({
      files: { Dockerfile: 'FROM scratch\nARG ENABLE_TOKEN\nARG SECRET_STAGE\nCOPY page /page\n' },
      inputs: { 'build-args': 'ENABLE_TOKEN=1\nSECRET_STAGE=production' },
    });
    for (const name of ['ENABLE_TOKEN', 'SECRET_STAGE'])
      expect(runner.log).toContainEqual(expect.stringContaining(`The build argument ${name} looks like`));
    expect(runner.masked).not.toContain('1');
    expect(runner.masked).not.toContain('production');
  });
});

it('keeps no file of a build that fails', async () => {
  await failureOf(build({ files: { Dockerfile: 'FROM scratch\nCOPY none /none\n' } }));
  expect(existsSync(join(folder, 'temp'))).toBe(true);
  expect(readdirSync(join(folder, 'temp'))).toEqual([]);
});
