import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { ecrOwnRegistry } from '@tenant-delivery/aws/ecr/own-registry';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import type { AmbientSession } from '@tenant-delivery/aws/session/ambient-session';
import { ACME } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { ecrState, seedRepository } from '@tenant-delivery/local-aws/services/ecr';
import type { BuildRequest } from '@tenant-delivery/oci/builder';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryLogin } from '@tenant-delivery/oci/registry/port';
import { actionDefaults } from '@tenant-delivery/testkit/action-defaults';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { AloneWorld } from '../src/alone/alone-world.ts';
import { runAlone } from '../src/alone/run-alone.ts';
import { readBuildInputs } from '../src/inputs.ts';
import { type LocalRegistry, localRegistry } from './local-registry.ts';

const { account, region } = ACME;
const SHA = '0123456789abcdef0123456789abcdef01234567';
const REPOSITORY = 'web/shop';

let local: LocalRegistry;
let folder: string;
let session: AmbientSession;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'td-alone-'));
  local = await localRegistry();
  session = sessionAs(`arn:aws:sts::${account}:assumed-role/ci/main`);
  repository('MUTABLE');
});

afterEach(async () => {
  await local.aws.close();
  rmSync(folder, { recursive: true });
});

/** The repository without a contract, which is made if there is none. */
function repository(tagMutability: 'MUTABLE' | 'IMMUTABLE') {
  seedRepository(local.aws.world, account, region, REPOSITORY).tagMutability = tagMutability;
}

function sessionAs(arn: string): AmbientSession {
  const { clock, clientConfig } = local.session;
  return {
    region,
    local: true,
    clock,
    identity: { account, arn, partition: 'aws' },
    credentialsUntil: 'untold',
    clientConfig,
  };
}

const usual = actionDefaults(new URL('../action.yml', import.meta.url));

interface Situation {
  readonly inputs?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly sha?: string;
  readonly world?: (usual: AloneWorld) => Partial<AloneWorld>;
}

const HOST = () => new URL(local.aws.url).host;
const named = (tag: string) => `${HOST()}/${REPOSITORY}:${tag}`;

async function build({ inputs = {}, files = {}, sha = SHA, world }: Situation) {
  const [workspace, temp] = [join(folder, 'workspace'), join(folder, 'temp')];
  mkdirSync(temp, { recursive: true });
  const all = { Dockerfile: 'FROM scratch\nCOPY page /page\n', page: 'hello', ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const runner = fakeRunner({
    inputs: { ...usual, contract: 'none', ...inputs },
    context: { workspace, temp, sha },
  });
  const requested = readBuildInputs(runner);
  if (requested.kind !== 'alone') throw new Error('these inputs are of a contract');
  const loaded: { readonly names: readonly string[]; readonly root: string }[] = [];
  const normal: AloneWorld = {
    runner,
    clock: local.aws.clock,
    variable: () => undefined,
    source: { commit: async () => ({ sha, seconds: 1_800_000_000 }) },
    builders: {
      buildxUnavailable: async () => 'there is no docker program',
      loadUnavailable: async () => undefined,
      buildx: () => {
        throw new Error('this test has no buildx');
      },
      own: ownBuilder,
      load: async (_, root, names) => {
        loaded.push({ root: root.digest, names });
      },
    },
    aws: {
      identity: session.identity,
      region,
      local: true,
      registry: ecrOwnRegistry(session, runner.mask),
      inspections: ecrInspections({ ...session, target: session.identity }, 'build'),
    },
  };
  const outcome = await runAlone(requested.given, { ...normal, ...world?.(normal) });
  return { outcome, runner, loaded };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure, but ${String(thrown)}`);
}

/** Tags of the repository, with the images that they name. */
function tags(): Readonly<Record<string, string>> {
  return { ...ecrState(local.aws.world, account, region).repositories[REPOSITORY]?.tags };
}

const OTHER = { files: { page: 'changed' }, sha: 'f'.repeat(40) };

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
        'build-args': 'LEVEL=1\nBUILDKIT_INLINE_CACHE=1',
        'cache-from': `type=gha,scope=web\n${named('cache')}`,
        'cache-to': `type=gha,mode=max\ntype=registry,ref=${named('cache')},mode=max\ntype=inline`,
        'no-cache-filters': 'deps, tests',
        pull: 'True',
      },
      world: ({ builders, aws }) => ({
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
      buildArgs: { LEVEL: '1', BUILDKIT_INLINE_CACHE: '1' },
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
    session = sessionAs(`arn:aws:sts::${account}:assumed-role/td-prod-build/td-acme-prod-orders`);
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
    const missing = await refused({ inputs: { file: 'docker/none' } });
    expect([missing.code, missing.message]).toEqual([
      'BUILD_SOURCE_MISSING',
      expect.stringContaining('there is no file docker/none in the workspace'),
    ]);
  });
});

describe('inputs', () => {
  const mistakes = async (inputs: Readonly<Record<string, string>>) =>
    (await failureOf(build({ inputs }))).details;

  it('are refused all at once, each with what to give', async () => {
    expect(
      await mistakes({
        tenant: 'acme',
        change: 'chg',
        version: '1',
        context: 'https://github.com/a/b.git#main',
        tags: 'Web/shop:1,web/shop:a b',
        push: 'yes',
        'cache-from': 'type=s3,bucket=x',
        'cache-to': 'type=registry',
        annotations: 'manifest-descriptor:a=b',
        platforms: 'linux',
      }),
    ).toEqual([
      expect.stringMatching(/^tenant is given: leave it out, it belongs to a contract/),
      expect.stringMatching(/^change is given/),
      expect.stringMatching(/^version is given/),
      expect.stringMatching(/^context is .* an address of Git: check that repository out/),
      expect.stringMatching(/^platforms has "linux"/),
      expect.stringMatching(/^tags has "Web\/shop:1", "web\/shop:a b"/),
      expect.stringMatching(/^push is "yes": give true or false/),
      expect.stringMatching(/^annotations has the line "manifest-descriptor:a=b"/),
      expect.stringMatching(/^cache-from has "type=s3,bucket=x", and the builder gets no AWS credentials/),
      expect.stringMatching(/^cache-to has "type=registry", which names no cache/),
    ]);
  });

  it('that contradict each other are told together', async () => {
    expect(await mistakes({ push: 'true', load: 'true', platforms: 'linux/amd64,linux/arm64' })).toEqual([
      expect.stringMatching(/^tags is missing: push and load/),
      expect.stringMatching(/^load is given with several platforms/),
    ]);
    expect(
      await mistakes({
        push: 'true',
        tags: 'ghcr.io/a/b:1,a.example/a/c:1',
        file: 'x/Dockerfile',
        dockerfile: 'Other',
      }),
    ).toEqual([
      expect.stringMatching(/^tags has names in ghcr.io and a.example/),
      expect.stringMatching(/^tags has the repositories a\/b and a\/c/),
      expect.stringMatching(/^file and dockerfile are both given/),
    ]);
    expect(await mistakes({ 'scan-minutes': '5' })).toEqual([
      expect.stringMatching(/^scan-minutes is given without push/),
    ]);
  });

  it('of `contract: none` are refused with a contract', () => {
    const runner = fakeRunner({ inputs: { ...usual, push: 'true', file: 'Dockerfile' } });
    expect(() => readBuildInputs(runner)).toThrow(
      /push is given: leave it out, it belongs to `contract: none`/,
    );
  });
});

it('keeps no file of a build that fails', async () => {
  await failureOf(build({ files: { Dockerfile: 'FROM scratch\nCOPY none /none\n' } }));
  expect(existsSync(join(folder, 'temp'))).toBe(true);
  expect(readdirSync(join(folder, 'temp'))).toEqual([]);
});
