import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import type { Outcome } from '@tenant-delivery/action-kit/main';
import { ecrRegistry } from '@tenant-delivery/aws/ecr/registry';
import { ecrInspections } from '@tenant-delivery/aws/ecr/scan-findings';
import {
  ACME,
  type InMemoryDelivery,
  inMemoryDelivery,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { openEnvelope } from '@tenant-delivery/evidence/dsse';
import { attribute } from '@tenant-delivery/evidence/trust';
import {
  copyImage,
  ecrState,
  replicationOf,
  scriptScan,
  scriptSigning,
  seedBaseImages,
  seedRepository,
  seedScanning,
  signingOf,
} from '@tenant-delivery/local-aws/services/ecr';
import { putEncryptionKey } from '@tenant-delivery/local-aws/services/kms';
import type { BuildRequest } from '@tenant-delivery/oci/builder';
import { failures as ociFailures } from '@tenant-delivery/oci/failures';
import { imageRecordSchema } from '@tenant-delivery/oci/image-record';
import { ownBuilder } from '@tenant-delivery/oci/own/builder';
import type { RegistryReader } from '@tenant-delivery/oci/registry/port';
import type { RegistryAgreement, TenantContract } from '@tenant-delivery/tenancy/contract';
import { type FakeRunner, fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import { type BuildInputs, inputs as declared } from '../src/inputs.ts';
import type { World } from '../src/ports.ts';
import { run } from '../src/run.ts';
import { type LocalRegistry, localRegistry } from './local-registry.ts';

const DOCKERFILE = `ARG REGISTRY
FROM \${REGISTRY}/base/node:24
WORKDIR /srv
COPY server.mjs ./
CMD ["node", "server.mjs"]
`;

const SHA = '0123456789abcdef0123456789abcdef01234567';

let local: LocalRegistry;
let delivery: InMemoryDelivery;
let folder: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'td-build-'));
  await start();
});

afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true });
});

/** Every operation that AWS was asked for in this file. */
const asked = new Set<string>();

async function end(): Promise<void> {
  for (const { service, operation } of local.aws.calls) asked.add(`${service}:${operation}`);
  await local.aws.close();
}

/** `agreed`: what the contract says of the registry, and of the builder. */
async function start(
  options: Parameters<typeof localRegistry>[0] = {},
  agreed?: RegistryAgreement,
  builder?: string,
): Promise<void> {
  if (local) await end();
  local = await localRegistry(options);
  const contract = (template: TenantContract): TenantContract => {
    const prod = template.environments['prod'];
    if (prod === undefined) throw new Error('the template has prod');
    const said = { ...(agreed && { registry: agreed }), ...(builder && { build: { builder } }) };
    return { ...template, environments: { prod: { ...prod, ...said } } };
  };
  delivery = await inMemoryDelivery({ clock: local.aws.clock, contract });
}

interface Told {
  readonly outcome: Outcome;
  readonly runner: FakeRunner;
  readonly change: string;
}

interface Situation {
  readonly files?: Readonly<Record<string, string>>;
  readonly inputs?: Partial<BuildInputs>;
  readonly ref?: string;
  readonly checkedOut?: string;
  readonly sha?: string;
  /** Replaces parts of the world. */
  readonly world?: (usual: World) => Partial<World>;
}

async function build(situation: Situation = {}): Promise<Told> {
  const workspace = join(folder, 'workspace');
  const temp = join(folder, 'temp');
  mkdirSync(temp, { recursive: true });
  const files = { Dockerfile: DOCKERFILE, 'server.mjs': 'console.log("orders");\n', ...situation.files };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  const runner = fakeRunner({ context: { workspace, temp } });
  const change = await delivery.bring('proposed');
  const world: World = {
    ...delivery.as('build', {
      runner,
      claims: { ref: situation.ref ?? 'refs/heads/main', sha: situation.sha ?? SHA },
    }),
    variable: () => undefined,
    registry: ecrRegistry(local.session, runner.mask),
    inspections: ecrInspections(local.session, 'build'),
    source: {
      commit: async () => ({ sha: situation.checkedOut ?? situation.sha ?? SHA, seconds: 1_800_000_000 }),
    },
    builders: {
      buildxUnavailable: async () => 'there is no docker program',
      engineUnavailable: async () => 'there is no docker program',
      buildx: () => {
        throw new Error('this test has no buildx');
      },
      made: () => {
        throw new Error('this test makes no builder');
      },
      own: ownBuilder,
    },
  };
  const given: BuildInputs = {
    ...ACME,
    change,
    context: '.',
    'context-megabytes': 500,
    dockerfile: 'Dockerfile',
    platforms: ['linux/amd64'],
    target: undefined,
    'build-contexts': {},
    secrets: [],
    'secret-files': [],
    'secrets-variable': undefined,
    labels: {},
    annotations: {},
    version: undefined,
    'cache-repository': undefined,
    'build-args': [],
    builder: 'auto',
    'scan-minutes': 15,
    'replication-minutes': 30,
    ...situation.inputs,
  };
  return { outcome: await run(given, { ...world, ...situation.world?.(world) }), runner, change };
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const thrown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (thrown instanceof Failure) return thrown;
  throw new Error(`no failure, but ${String(thrown)}`);
}

function cancel(runner: World['runner']): void {
  if ('cancel' in runner && typeof runner.cancel === 'function') runner.cancel();
}

/** Every tag of the service's repository. */
function tags(): readonly string[] {
  return Object.keys(seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders').tags);
}

describe('a Dockerfile that we cannot read', () => {
  const files = { Dockerfile: '# syntax=another/frontend\nINCLUDE base\n', Readable: DOCKERFILE };
  const withBuildx = ({ builders }: World): Partial<World> => ({
    builders: {
      ...builders,
      buildxUnavailable: async () => undefined,
      // it knows what INCLUDE means
      buildx: () => ({
        name: 'buildx',
        build: (request) =>
          ownBuilder(registry()).build({
            ...request,
            dockerfile: 'Readable',
            buildArgs: { REGISTRY: registry().host },
          }),
      }),
    },
  });
  let connected: RegistryReader;
  const registry = () => connected;
  const world = (usual: World): Partial<World> => ({
    ...withBuildx(usual),
    registry: {
      ...usual.registry,
      connect: async (permit) => {
        const connection = await usual.registry.connect(permit);
        connected = connection.writer;
        return connection;
      },
    },
  });

  it('is left to buildx: its base images are not known, and its image is never used again', async () => {
    for (const _ of ['first', 'second']) {
      const { outcome, runner, change } = await build({ files, world });
      expect(outcome).toMatchObject({ outcome: 'built', facts: { reused: false, builder: 'buildx' } });
      expect(runner.log).toContainEqual(
        expect.stringMatching(/INCLUDE is no instruction.*buildx may know better/),
      );
      const record = await (await delivery.find(change)).document('image-record', imageRecordSchema);
      expect(record.base).toEqual([{ reference: 'unread' }]);
    }
  });

  it('is refused where our own builder would build', async () => {
    expect((await failureOf(build({ files }))).code).toBe('DOCKERFILE_INVALID');
    expect((await failureOf(build({ files, world, inputs: { builder: 'own' } }))).code).toBe(
      'DOCKERFILE_INVALID',
    );
  });
});

describe('an image', () => {
  it('is built, pushed under a tag that no other build can have, inspected, and recorded with its digest', async () => {
    const { outcome, runner, change } = await build();
    expect(outcome).toMatchObject({ outcome: 'built', ok: true, facts: { reused: false, builder: 'own' } });
    const recorded = await delivery.find(change);
    const record = await recorded.document('image-record', imageRecordSchema);
    expect(recorded.state).toBe('built');
    expect(record).toMatchObject({ revision: SHA, ref: 'refs/heads/main', builder: 'own', reused: false });
    expect(record.image.digest).toBe(runner.outputs['digest']);
    expect(record.platforms).toEqual([{ platform: 'linux/amd64', digest: record.image.digest }]);
    expect(record.base[0]?.digest).toMatch(/^sha256:/);
    expect(tags()).toEqual([`${SHA}-${record.inputsDigest.slice(7, 19)}`]);
    expect(readdirSync(join(folder, 'temp'))).toEqual([]);
  });

  it('for two platforms is one index: the registry holds every child, and the record names them', async () => {
    const { outcome, runner, change } = await build({
      inputs: { platforms: ['linux/amd64', 'linux/arm64'] },
    });
    const record = await (await delivery.find(change)).document('image-record', imageRecordSchema);
    const { manifests } = seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders');
    expect(record.mediaType).toBe('application/vnd.oci.image.index.v1+json');
    expect(record.platforms.map(({ platform }) => platform)).toEqual(['linux/amd64', 'linux/arm64']);
    for (const { digest } of [...record.platforms, record.image]) expect(manifests[digest]).toBeDefined();
    expect(record.image.digest).toBe(runner.outputs['digest']);
    expect(outcome.summary).toContain('linux/arm64');
  });

  it('has its bill of materials and its signed provenance beside it, by digests that the record names', async () => {
    const inputs = { platforms: ['linux/amd64', 'linux/arm64'], 'build-args': ['LEVEL=2', 'NOTES'] } as const;
    const variable = (name: string) => ({ NOTES: 'first\nsecond' })[name];
    const { change } = await build({ inputs, world: () => ({ variable }) });
    const { referrers = [], ...record } = await (await delivery.find(change)).document(
      'image-record',
      imageRecordSchema,
    );
    const { manifests } = seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders');
    const content = (digest: string) => {
      const [layer] = JSON.parse(manifests[digest]?.text ?? '').layers;
      return local.aws.world.blobs.get(layer.digest.slice('sha256:'.length))?.toString() ?? '';
    };
    expect(referrers.map(({ kind, subject }) => [kind, subject])).toEqual([
      ...record.platforms.map(({ digest }) => ['sbom', digest]),
      ['provenance', record.image.digest],
    ]);
    const [amd, arm, provenance] = referrers.map(({ digest }) => content(digest));
    expect(amd).toContain('pkg:deb/debian/openssl@3.0.17-1~deb12u2?arch=amd64&distro=debian-12');
    expect(arm).toContain('arch=arm64');
    const envelope = openEnvelope(provenance ?? '');
    const statement = JSON.parse(Buffer.from(envelope?.payload ?? '').toString());
    expect(
      envelope &&
        attribute(envelope, delivery.trust, {
          duties: ['build'],
          tenant: ACME.tenant,
          environment: ACME.environment,
          at: Date.parse(record.pushedAt),
        }).kind,
    ).toBe('signed');
    expect(statement.predicateType).toBe('https://slsa.dev/provenance/v1');
    expect(statement.subject[0].digest.sha256).toBe(record.image.digest.slice(7));
    expect(statement.predicate.buildDefinition).toMatchObject({
      externalParameters: { platforms: inputs.platforms, buildArgs: { LEVEL: '2', NOTES: 'first\nsecond' } },
      resolvedDependencies: [
        { digest: { gitCommit: SHA } },
        { digest: { sha256: record.base[0]?.digest?.slice(7) } },
      ],
    });
  });

  it('of the same revision and inputs is used again: nothing is built and nothing is pushed', async () => {
    const first = await build();
    const second = await build();
    expect(second.outcome).toMatchObject({ outcome: 'reused', ok: true });
    expect(second.runner.outputs).toMatchObject({ reused: 'true', image: first.runner.outputs['image'] });
    expect(second.runner.log.some((line) => line.startsWith('group: Build'))).toBe(false);
    expect((await delivery.find(second.change)).state).toBe('built');
    expect(tags()).toHaveLength(1);
  });

  it.each<[string, Situation]>([
    ['another file', { files: { 'server.mjs': 'console.log("other");\n' } }],
    ['another build argument', { inputs: { 'build-args': ['LEVEL=2'] } }],
    ['another platform', { inputs: { platforms: ['linux/arm64'] } }],
    ['another ref', { ref: 'refs/heads/other' }],
    ['another revision', { sha: 'e'.repeat(40) }],
  ])('is built anew for %s', async (_, situation) => {
    await build();
    expect((await build(situation)).outcome.outcome).toBe('built');
  });

  it('is recorded in a vault that writes each record once, also when a revert brings the same inputs again', async () => {
    const world = (usual: World): Partial<World> => ({
      vault: {
        ...usual.vault,
        replace: async () => {
          throw new Error("the vault's policy denies it");
        },
      },
    });
    await build({ world });
    expect((await build({ world, sha: 'e'.repeat(40) })).outcome.outcome).toBe('built');
    expect((await build({ world })).outcome.outcome).toBe('reused');
    expect((await build({ world, sha: 'e'.repeat(40) })).outcome.outcome).toBe('reused');
  });

  it('is built anew when the registry has lost the one that was', async () => {
    const { runner } = await build();
    const repository = seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders');
    const digest = runner.outputs['digest'] ?? '';
    delete repository.manifests[digest];
    delete repository.scans[digest];
    for (const tag of tags()) delete repository.tags[tag];
    expect((await build()).outcome.outcome).toBe('built');
  });

  it('is built anew when the record that vouches for it was written by another key', async () => {
    await build();
    const [key = ''] = await delivery.vault.list('images/orders/');
    const stored = await delivery.vault.read(key);
    const envelope = JSON.parse(Buffer.from(stored?.bytes ?? '').toString());
    envelope.signatures[0].sig = Buffer.from('forged').toString('base64');
    await delivery.vault.replace(key, Buffer.from(JSON.stringify(envelope)), stored?.version ?? '');
    const { outcome, runner } = await build();
    expect(outcome.outcome).toBe('built');
    expect(runner.log).toContain(
      'A new image is built: the record kept for these inputs is not signed by the build key',
    );
  });

  it('is recorded with the age of its base, and warned of when the tag beside a fixed digest has moved on', async () => {
    const { current, old } = await seedBaseImages(local.aws.world, ACME.account, ACME.region);
    const fixed = DOCKERFILE.replace(':24', `:24@${old}`);
    const { change, runner } = await build({ files: { Dockerfile: fixed } });
    const { base, layers } = await (await delivery.find(change)).document('image-record', imageRecordSchema);
    expect([layers?.base.length, layers?.own.length]).toEqual([expect.any(Number), 1]); // the COPY
    expect(layers?.base.length).toBeGreaterThan(0);
    expect(base).toEqual([
      expect.objectContaining({ digest: old, newer: current, created: '2026-01-01T00:00:00.000Z' }),
    ]);
    expect(runner.log.filter((line) => line.startsWith('warning:'))).toEqual([
      expect.stringContaining(`now points to ${current}`),
    ]);
  });

  it('is built with a secret that no log, record or argument shows, and anew for another list of them', async () => {
    const variables = new Map([
      ['NPM', 'npm-secret'],
      ['SEVERAL', 'pip=pip-secret'],
    ]);
    const world = () => ({ variable: (name: string) => variables.get(name) });
    const requests: BuildRequest[] = [];
    const watched = (usual: World): Partial<World> => ({
      ...world(),
      builders: {
        ...usual.builders,
        own: (registry) => ({
          name: 'own',
          build: (request) => {
            requests.push(request);
            return ownBuilder(registry).build(request);
          },
        }),
      },
    });
    const inputs = {
      secrets: ['npm=NPM'],
      'secrets-variable': 'SEVERAL',
      labels: { team: 'a' },
      annotations: { version: '1' },
    };
    const first = await build({ inputs, world: watched });
    expect(requests[0]).toMatchObject({
      secrets: [
        { id: 'npm', value: 'npm-secret' },
        { id: 'pip', value: 'pip-secret' },
      ],
      labels: { team: 'a', 'org.opencontainers.image.revision': SHA },
      annotations: { version: '1' },
    });
    expect(first.runner.masked).toEqual(expect.arrayContaining(['npm-secret', 'pip-secret']));
    expect(JSON.stringify([first.runner.log, first.runner.outputs, first.outcome])).not.toMatch(
      /(npm|pip)-secret/,
    );
    expect((await build({ inputs: { ...inputs, secrets: [] } })).outcome.outcome).toBe('built');
    expect((await build({ inputs, world })).outcome.outcome).toBe('reused');
  });

  it('has the version as one more tag, also when it was built before; another image never gets it', async () => {
    await build();
    const { runner, outcome } = await build({ inputs: { version: '1.4.0' } });
    const { tags: held } = seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders');
    expect([outcome.outcome, held['1.4.0']]).toEqual(['reused', runner.outputs['digest']]);
    expect((await build({ inputs: { version: '1.4.0' } })).outcome.outcome).toBe('reused');
    const before = Object.keys(held);
    const other = await failureOf(build({ sha: 'e'.repeat(40), inputs: { version: '1.4.0' } }));
    expect(tags()).toEqual(before);
    const pushed = new RegExp(
      `^The version 1[.]4[.]0 already belongs to the image ${runner.outputs['digest']}, pushed at 2[0-9TZ:.-]+, built from commit ${SHA}[.] This build is of commit e{40}[.]$`,
    );
    expect([other.code, other.message]).toEqual(['TAG_TAKEN', expect.stringMatching(pushed)]);
    expect(other.remedy).toMatch(/^Use the next number in `version`/);
    const same = await failureOf(build({ inputs: { version: '1.4.0' }, files: { 'server.mjs': 'other' } }));
    expect([same.code, same.message]).toEqual([
      'TAG_TAKEN',
      expect.stringMatching(/: this same commit, built with other inputs[.]$/),
    ]);
  });

  it('is made without asking the registry twice for a document, or for what was just written to it', async () => {
    const asked: string[] = [];
    const world = ({ registry }: World): Partial<World> => ({
      registry: {
        ...registry,
        connect: async (permit) => {
          const { writer, login } = await registry.connect(permit);
          const watched: typeof writer = {
            ...writer,
            readManifest: (repository, reference) => {
              asked.push(`manifest ${repository}@${reference}`);
              return writer.readManifest(repository, reference);
            },
            readBlob: (repository, blob) => {
              asked.push(`blob ${repository}@${blob.digest}`);
              return writer.readBlob(repository, blob);
            },
            streamBlob: (repository, blob, take) => {
              asked.push(`blob ${repository}@${blob.digest}`);
              return writer.streamBlob(repository, blob, take);
            },
            mountBlob: (repository, digest, from) => {
              asked.push(`mount ${digest}`);
              return writer.mountBlob(repository, digest, from);
            },
          };
          return { writer: watched, login };
        },
      },
    });
    const { change } = await build({ world });
    const { layers, base } = await (await delivery.find(change)).document('image-record', imageRecordSchema);
    const [tag = ''] = tags();
    const ofBase = asked.filter((one) => one.includes('base/node@'));
    expect(ofBase.toSorted()).toEqual([...new Set(ofBase)].toSorted());
    expect(ofBase).not.toContain(`manifest base/node@${base[0]?.digest}`); // it came with its tag
    expect(asked.filter((one) => one.includes('acme/orders@'))).toEqual(
      Array(2).fill(`manifest acme/orders@${tag}`), // whether it is free, and what it means afterwards
    );
    expect(asked.filter((one) => one.startsWith('mount'))).toEqual(layers?.base.map((one) => `mount ${one}`));
  });

  it('that cannot be described is told at once, and the wait for its inspection ends with that', async () => {
    scriptScan(local.aws.world, ACME.account, '*', [{ kind: 'status', status: 'IN_PROGRESS' }]);
    const begun = local.aws.clock.now();
    const world = ({ registry }: World): Partial<World> => ({
      registry: {
        ...registry,
        connect: async (permit) => {
          const { writer, login } = await registry.connect(permit);
          return { writer: { ...writer, referrers: async () => [] }, login };
        },
      },
    });
    expect((await failureOf(build({ world }))).code).toBe('PUSH_NOT_CONFIRMED');
    expect(local.aws.clock.now() - begun).toBeLessThan(10 * 60_000);
    expect(await delivery.vault.list('images/orders/')).toEqual([]);
    const looks = () =>
      local.aws.calls.filter(({ operation }) => operation === 'DescribeImageScanFindings').length;
    const before = looks();
    await local.aws.clock.sleep(2 * 60_000); // the longest pause between two looks is 24 seconds
    expect(looks() - before).toBeLessThanOrEqual(1); // one may have been under way
  });

  it('goes beside another image of the same revision that a builder made before, and never beside a foreign one', async () => {
    const first = await build();
    const [tag = ''] = tags();
    const repository = seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders');
    const other = await build({ files: { 'server.mjs': 'other' } });
    const world = (usual: World): Partial<World> => ({
      vault: {
        ...usual.vault,
        read: async (key) => (key.startsWith('images/') ? undefined : usual.vault.read(key)),
      },
    });
    repository.tags[tag] = other.runner.outputs['digest'] ?? '';
    const again = await build({ world });
    expect(again.runner.outputs['digest']).toBe(first.runner.outputs['digest']);
    expect(tags()).toContain(`${tag}-${first.runner.outputs['digest']?.slice(7, 19)}`);
    const { current } = await seedBaseImages(local.aws.world, ACME.account, ACME.region);
    const base = seedRepository(local.aws.world, ACME.account, ACME.region, 'base/node');
    repository.tags[tag] = copyImage(local.aws.world, base, repository, current);
    const foreign = await failureOf(build({ world }));
    expect([foreign.code, foreign.message, foreign.remedy]).toEqual([
      'TAG_TAKEN',
      expect.stringMatching(`belongs to the image ${current}, pushed at .*, whose labels name no commit`),
      expect.stringMatching(/^Somebody else pushed this tag/),
    ]);
  });

  it('warns of a build argument that the Dockerfile does not know', async () => {
    const { runner } = await build({ inputs: { 'build-args': ['VERSON=2'] } });
    expect(runner.log).toContain('warning: No ARG of the Dockerfile declares VERSON: check the spelling.');
  });

  it('is recorded also when its inspection found something: the gate judges that', async () => {
    const old = DOCKERFILE.replace(':24', ':24-old');
    const { outcome } = await build({ files: { Dockerfile: old } });
    expect(outcome.ok).toBe(true);
    expect(outcome.summary).toMatch(/`linux\/amd64` \| .* \| COMPLETE \| 3 \|/);
  });
});

describe('where the contract says how the registry keeps images, a build', () => {
  const ELSEWHERE = 'eu-central-1';
  const PROFILE = `arn:aws:signer:${ACME.region}:${ACME.account}:/signing-profiles/acme`;
  const copies = () => replicationOf(local.aws.world, ACME.account, ACME.region);
  const signing = () => signingOf(local.aws.world, ACME.account, ACME.region);
  const rule = { signingProfileArn: PROFILE, filters: ['acme/*'] };
  const recorded = async (change: string) =>
    (await delivery.find(change)).document('image-record', imageRecordSchema);

  it('is done when the image and each of its children are in the other region', async () => {
    await start({}, { replicatedTo: [ELSEWHERE] });
    copies().regions.push(ELSEWHERE);
    const { change } = await build({ inputs: { platforms: ['linux/amd64', 'linux/arm64'] } });
    const record = await recorded(change);
    const there = ecrState(local.aws.world, ACME.account, ELSEWHERE).repositories['acme/orders'];
    for (const { digest } of [record.image, ...record.platforms])
      expect(there?.manifests[digest]).toBeDefined();
    expect(record.replicatedTo).toEqual([ELSEWHERE]);
  });

  it('stops at a child whose copy failed; the next run uses the image and waits again', async () => {
    await start({}, { replicatedTo: [ELSEWHERE] });
    copies().regions.push(ELSEWHERE);
    const inputs = { platforms: ['linux/amd64', 'linux/arm64'] } as const;
    const told: string[] = [];
    const world = ({ registry }: World): Partial<World> => ({
      registry: {
        ...registry,
        copies: async (repository, digest) => {
          told.push(digest);
          const rows = await registry.copies(repository, digest);
          const child = digest !== told[0];
          return child ? [{ of: ELSEWHERE, status: 'FAILED', why: 'KmsError' }] : rows;
        },
      },
    });
    const failure = await failureOf(build({ inputs, world }));
    expect([failure.code, failure.details]).toEqual([
      'REPLICATION_UNFINISHED',
      told.slice(1).map((digest) => `copy of ${digest} in ${ELSEWHERE} failed: KmsError`),
    ]);
    expect((await build({ inputs })).outcome.outcome).toBe('reused');
  });

  it('waits for the signature that the registry makes, and stops when it failed', async () => {
    await start({}, { signingProfile: PROFILE });
    signing().rules = [rule];
    const { change } = await build();
    expect((await recorded(change)).signedWith).toEqual([PROFILE]);
    const row = { signingProfileArn: PROFILE, status: 'FAILED', failureCode: 'AccessDenied' };
    scriptSigning(local.aws.world, ACME.account, '*', [{ kind: 'rows', rows: [row] }]);
    const failure = await failureOf(build({ sha: 'e'.repeat(40) }));
    expect([failure.code, failure.details]).toEqual([
      'SIGNING_UNFINISHED',
      [`signature with ${PROFILE} failed: AccessDenied`],
    ]);
  });

  it("uses an image again that is older than the registry's own rule to sign, and says so", async () => {
    await build();
    signing().rules = [rule];
    const { outcome, runner, change } = await build();
    expect([outcome.outcome, (await recorded(change)).signedWith]).toEqual(['reused', undefined]);
    expect(runner.log).toContain(
      `It was pushed before the registry signed with ${PROFILE}, and is not signed with it`,
    );
  });

  it('begins nothing while the registry lacks what the contract promises, with every reason', async () => {
    const key = `arn:aws:kms:${ACME.region}:${ACME.account}:key/one`;
    await start({}, { replicatedTo: [ELSEWHERE], signingProfile: PROFILE, encryption: { type: 'KMS', key } });
    const failure = await failureOf(build());
    expect([failure.code, failure.details]).toEqual([
      'REPOSITORY_UNSAFE',
      [
        expect.stringContaining(`is AES256, but the contract promises KMS with ${key}`),
        expect.stringContaining(`copies its images to ${ELSEWHERE}`),
        expect.stringContaining(`signs its images with ${PROFILE}`),
      ],
    ]);
    expect(tags()).toEqual([]);
  });

  it('makes a repository that is not there, as the contract says', async () => {
    const made = () => putEncryptionKey(local.aws.world, ACME.account, ACME.region, 'alias/images').arn;
    const key = made();
    await start({ absent: true }, { createIfMissing: true, encryption: { type: 'KMS', key } });
    expect(made()).toBe(key); // in the world that has just begun
    seedScanning(local.aws.world, ACME.account, ACME.region, 'BASIC', 'SCAN_ON_PUSH');
    expect((await build()).outcome.outcome).toBe('built');
    expect(seedRepository(local.aws.world, ACME.account, ACME.region, 'acme/orders')).toMatchObject({
      tagMutability: 'IMMUTABLE',
      resourceTags: { 'tenant-delivery:contract': 'acme/prod' },
      encryption: { encryptionType: 'KMS', kmsKey: key },
    });
  });
});

describe('a build stops', () => {
  it('when it has made a repository in a registry where nobody has configured scans, as in a fresh account', async () => {
    await start({ absent: true }, { createIfMissing: true, encryption: { type: 'AES256' } });
    const failure = await failureOf(build());
    expect([failure.code, failure.details]).toEqual([
      'REPOSITORY_UNSAFE',
      [expect.stringContaining('it is scanned MANUAL')],
    ]);
    expect(tags()).toEqual([]);
  });

  it('when the repository is not the one an image may be kept in, with every reason', async () => {
    await start({ tagMutability: 'MUTABLE' });
    seedScanning(local.aws.world, ACME.account, ACME.region, 'ENHANCED', 'MANUAL');
    const failure = await failureOf(build());
    expect(failure.code).toBe('REPOSITORY_UNSAFE');
    expect(failure.details).toEqual([
      expect.stringContaining('MUTABLE'),
      expect.stringContaining('it is scanned MANUAL'),
    ]);
    expect(failure.remedy).toContain('`apply-contract`');
    expect(tags()).toEqual([]);
  });

  it.each<[string[], unknown[]]>([
    [['sha256-*'], []],
    [['*', 'sha256-*'], [expect.stringContaining('its tags * may be moved')]],
  ])('when tags that the rule leaves out (%j) could be those of an image', async (exclusions, expected) => {
    await start({ tagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusions });
    const told = await build().catch((thrown: unknown) => thrown);
    expect(told instanceof Failure ? told.details : []).toEqual(expected);
  });

  it('when the repository is not there', async () => {
    await start({ absent: true }, { encryption: { type: 'AES256' } });
    expect((await failureOf(build())).code).toBe('REPOSITORY_ABSENT');
  });

  it('when another commit is checked out than the run is about', async () => {
    expect((await failureOf(build({ checkedOut: 'f'.repeat(40) }))).code).toBe('REVISION_DIFFERS');
  });

  it('when the Dockerfile needs an engine that is not there, naming the lines', async () => {
    const failure = await failureOf(
      build({ files: { Dockerfile: `${DOCKERFILE}RUN npm ci\nVOLUME /data\n` } }),
    );
    expect(failure.code).toBe('DOCKERFILE_UNSUPPORTED');
    expect(failure.details).toEqual([
      expect.stringMatching(/^line 6: RUN/),
      expect.stringMatching(/^line 7: VOLUME/),
    ]);
    expect(tags()).toEqual([]);
  });

  it('when a COPY leaves the context, by .. or through a link', async () => {
    mkdirSync(join(folder, 'workspace'), { recursive: true });
    symlinkSync('/etc', join(folder, 'workspace', 'conf'));
    const failure = await failureOf(
      build({ files: { Dockerfile: `${DOCKERFILE}COPY ../secret ./\nCOPY conf/hostname ./\n` } }),
    );
    expect(failure.code).toBe('COPY_OUTSIDE_CONTEXT');
    expect(failure.details).toEqual([
      expect.stringMatching(/^line 6: COPY \.\.\/secret: BuildKit .* would copy secret of it/),
      'line 7: COPY conf/hostname',
    ]);
  });

  it('when its address is not the one that the login is for', async () => {
    const failure = await failureOf(
      build({
        world: ({ registry }) => ({
          registry: {
            ...registry,
            describe: async (name) => {
              const facts = await registry.describe(name);
              return facts === 'absent' ? facts : { ...facts, uri: `registry.example/${name}` };
            },
          },
        }),
      }),
    );
    expect(failure.code).toBe('REPOSITORY_UNSAFE');
    expect(failure.details).toEqual([expect.stringContaining('registry.example')]);
  });

  it('when the builder made an image for another platform', async () => {
    const failure = await failureOf(
      build({
        world: ({ builders }) => ({
          builders: {
            ...builders,
            own: (registry) => ({
              name: 'own',
              build: (request) => ownBuilder(registry).build({ ...request, platforms: ['linux/arm64'] }),
            }),
          },
        }),
      }),
    );
    expect([failure.code, failure.message]).toEqual(['BUILD_FAILED', expect.stringContaining('linux/arm64')]);
    expect(tags()).toEqual([]);
  });

  it('when the job was cancelled, before anything is pushed', async () => {
    const failure = await failureOf(
      build({
        world: ({ builders, runner }) => ({
          builders: {
            ...builders,
            own: (registry) => ({
              name: 'own',
              build: async (request) => {
                cancel(runner);
                return ownBuilder(registry).build(request);
              },
            }),
          },
        }),
      }),
    );
    expect([failure.code, tags()]).toEqual(['BUILD_FAILED', []]);
  });

  it('when there is nothing to build from', async () => {
    expect((await failureOf(build({ inputs: { context: 'nowhere' } }))).code).toBe('BUILD_SOURCE_MISSING');
    expect((await failureOf(build({ inputs: { dockerfile: 'Other' } }))).code).toBe('BUILD_SOURCE_MISSING');
  });

  it('when a build argument is reserved or looks like a credential, without saying its value', async () => {
    const failure = await failureOf(
      build({
        inputs: {
          'build-args': ['REGISTRY=evil.example', 'KEY=AKIAABCDEFGHIJKLMNOP', 'NPM_TOKEN=x', 'UNSET'],
        },
      }),
    );
    expect(failure.code).toBe('BUILD_ARGUMENT_RESERVED');
    expect(failure.details).toHaveLength(4);
    expect(JSON.stringify([failure.message, failure.details])).not.toMatch(/AKIA|evil/);
    expect(tags()).toEqual([]);
  });

  it('when the context is too large, before it is read, naming where it is large and every context that is', async () => {
    const megabyte = 'x'.repeat(1_000_000);
    const files = {
      '.dockerignore': 'left-out\n',
      'left-out/a': megabyte,
      'node_modules/a/1': megabyte,
      'node_modules/b/2': megabyte,
      'data/dumps/day/3': megabyte,
      'assets/4': megabyte,
      small: 'x',
    };
    const inputs = { 'context-megabytes': 3, 'build-contexts': { whole: '.', assets: 'assets' } };
    let asked = 0;
    const world = ({ registry }: World): Partial<World> => ({
      registry: {
        ...registry,
        connect: async (permit) => {
          const connected = await registry.connect(permit);
          const readManifest: typeof connected.writer.readManifest = async (...args) => {
            asked += 1;
            return connected.writer.readManifest(...args);
          };
          return { ...connected, writer: { ...connected.writer, readManifest } };
        },
      },
    });
    const failure = await failureOf(build({ files, inputs, world }));
    const where = '5 MB, most of it in node_modules (2 MB), assets/4 (1 MB), data/dumps/day/3 (1 MB)';
    expect([failure.code, failure.details]).toEqual([
      'CONTEXT_TOO_LARGE',
      [`The build context . has ${where}`, `The named context whole has ${where}`],
    ]);
    expect(failure.remedy).toContain('`context-megabytes`');
    expect(asked).toBe(0);
    expect((await build({ files, inputs: { 'context-megabytes': 5 } })).outcome.outcome).toBe('built');
  });

  it('when a secret is not there, or a file of the build context', async () => {
    const inputs = { secrets: ['npm=NPM'], 'secret-files': ['key=server.mjs', 'rc=../etc/passwd'] };
    const failure = await failureOf(build({ inputs }));
    expect([failure.code, failure.details]).toEqual([
      'BUILD_SECRET_INVALID',
      [expect.stringMatching(/^npm:/), expect.stringMatching(/^key:/), expect.stringMatching(/^rc:/)],
    ]);
  });

  it('when a named context would send what a checkout keeps its token in', async () => {
    const files = { 'lib/.git/config': 'token', 'lib/a': 'a' };
    const failure = await failureOf(build({ files, inputs: { 'build-contexts': { lib: 'lib' } } }));
    expect([failure.code, failure.message]).toEqual([
      'COPY_OUTSIDE_CONTEXT',
      expect.stringContaining('.git'),
    ]);
  });

  it('when the cache would be kept among the images', async () => {
    const failure = await failureOf(build({ inputs: { 'cache-repository': 'acme/orders' } }));
    expect([failure.code, tags()]).toEqual(['CACHE_NOT_APART', []]);
  });

  it("when no builder can be made from the contract's image of BuildKit, also where buildx could have built", async () => {
    const BYTES = `@sha256:${'b'.repeat(64)}`;
    const made: string[] = [];
    const world = ({ builders }: World): Partial<World> => ({
      builders: {
        ...builders,
        buildxUnavailable: async () => undefined,
        engineUnavailable: async () => undefined,
        made: (_, image) => {
          made.push(image);
          throw ociFailures.builderUnavailable('the image cannot be pulled');
        },
      },
    });
    for (const builder of [`base/buildkit${BYTES}`, `docker.io/moby/buildkit${BYTES}`]) {
      await start({}, undefined, builder);
      expect((await failureOf(build({ world }))).code).toBe('BUILDER_UNAVAILABLE');
      expect((await build({ world, inputs: { builder: 'own' } })).outcome.outcome).toBe('built');
    }
    expect(made).toEqual([
      expect.stringMatching(new RegExp(`^127[.]0[.]0[.]1:[0-9]+/base/buildkit${BYTES}$`)),
      `docker.io/moby/buildkit${BYTES}`,
    ]);
  });

  it('never with a builder that the caller names', () => {
    expect(Object.keys(declared).filter((name) => /buildkit|image/i.test(name))).toEqual([]);
  });

  it('when the base image does not exist, and when buildx is asked for and not there', async () => {
    const absent = DOCKERFILE.replace(':24', ':23');
    expect((await failureOf(build({ files: { Dockerfile: absent } }))).code).toBe('BASE_IMAGE_UNAVAILABLE');
    expect((await failureOf(build({ inputs: { builder: 'buildx' } }))).code).toBe('BUILDER_UNAVAILABLE');
  });

  it('when the inspection does not end in time; the image is used again by the next run', async () => {
    scriptScan(local.aws.world, ACME.account, '*', [{ kind: 'status', status: 'IN_PROGRESS' }]);
    const failure = await failureOf(build({ inputs: { 'scan-minutes': 1 } }));
    expect(failure.code).toBe('SCAN_UNFINISHED');
    scriptScan(local.aws.world, ACME.account, '*', []);
    expect((await build()).outcome.outcome).toBe('reused');
  });
});

it('keeps the registry password out of everything that is printed', async () => {
  const { runner, outcome } = await build();
  const [token = ''] = runner.masked;
  const password = Buffer.from(token, 'base64').toString().split(':')[1] ?? '';
  expect(runner.masked).toContain(password);
  expect(JSON.stringify([runner.log, runner.outputs, outcome])).not.toContain(password);
});

it('is granted by templates/iam what it asks AWS for, and little more', () => {
  const granted = ['build', 'build-create-repository', 'build-managed-signing'].flatMap((name) => {
    const file = join(import.meta.dirname, `../../../templates/iam/permissions/${name}.json`);
    const { Statement } = JSON.parse(readFileSync(file, 'utf8')) as {
      Statement: { Action: string | string[] }[];
    }; // our own
    return Statement.flatMap(({ Action }) => Action);
  });
  expect([...asked].filter((action) => !granted.includes(action))).toEqual([]);
  const more = [...new Set(granted)].filter((action) => !asked.has(action));
  expect(more.sort()).toEqual([
    // Pushing and pulling: the registry asks for these.
    'ecr:BatchCheckLayerAvailability',
    'ecr:CompleteLayerUpload',
    'ecr:GetDownloadUrlForLayer',
    'ecr:InitiateLayerUpload',
    'ecr:ListImageReferrers',
    'ecr:PutImage',
    // For an image that was not scanned when it was pushed.
    'ecr:StartImageScan',
    // Where a repository is made with the tag that says that it is contracted.
    'ecr:TagResource',
    'ecr:UploadLayerPart',
    // Where Amazon Inspector scans.
    'inspector2:ListCoverage',
    'inspector2:ListFindings',
    // The registry signs in the name of the role that pushes.
    'signer:SignPayload',
  ]);
});
