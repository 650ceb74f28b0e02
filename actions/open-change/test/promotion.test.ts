import { beforeAll, describe, expect, it } from '@jest/globals';
import { PromotionSource, verifyPromotion } from '@tenant-delivery/delivery/promotion-source';
import {
  type InMemoryDelivery,
  inMemoryDelivery,
  localKeys,
  ORDERS_IMAGE,
  ORDERS_MANIFEST,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type Digest, formatImage } from '@tenant-delivery/domain';
import { getBytes, putBytes, putDocument } from '@tenant-delivery/vault/objects';
import { run } from '../src/run.ts';
import { given, worldOf } from './in-memory-world.ts';

const image = (hex: string) => ({ ...ORDERS_IMAGE, digest: `sha256:${hex.repeat(64)}` as Digest });
const V1 = image('1');
const V2 = image('2');
const ANA = { id: 200010, login: 'dev-ana' };
const REGISTRY = '000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders';

function documents(of: typeof V1, more: Readonly<Record<string, unknown>> = {}) {
  const commit = { sha: of.digest.slice(-40), author: ANA, committer: ANA };
  return {
    'image-record': { image: of },
    verdict: { subject: of, decision: 'allow' },
    report: { of: 'report' },
    health: { image: formatImage(of), healthy: true },
    approvals: { commits: [commit] },
    ...more,
  };
}

/** Staging and production of one tenant, each with a vault of its own, and one trust file. */
async function twoEnvironments() {
  const keys = localKeys();
  const [staging, prod] = await Promise.all([
    inMemoryDelivery({ keys, environment: 'staging' }),
    inMemoryDelivery({ keys }),
  ]);
  return { staging, prod };
}

async function promote(
  { staging, prod }: { readonly staging: InMemoryDelivery; readonly prod: InMemoryDelivery },
  inputs: Parameters<typeof given>[0] = {},
) {
  const world = worldOf(prod, { elsewhere: staging });
  const outcome = await run(given({ kind: 'promotion', ...inputs }), world);
  return { outcome, world, change: await prod.find(world.runner.outputs['change'] ?? '') };
}

const unverified = (message: RegExp) => ({
  code: 'PROMOTION_UNVERIFIED',
  message: expect.stringMatching(message),
});

describe('a promotion', () => {
  let both: Awaited<ReturnType<typeof twoEnvironments>>;
  let brought: string;
  beforeAll(async () => {
    both = await twoEnvironments();
    const { staging, prod } = both;
    await prod.bring('closed', { image: V1, documents: documents(V1) });
    await staging.bring('closed', { image: V1, documents: documents(V1) });
    await staging.clock.sleep(60_000);
    await staging.bring('failed', { image: image('9'), documents: documents(image('9')) });
    await staging.clock.sleep(60_000);
    brought = await staging.bring('closed', { image: V2, documents: documents(V2) });
  });

  it('brings what the other environment runs, with the whole record of it, and the gate believes that copy', async () => {
    const { outcome, change } = await promote(both);
    expect(outcome.headline).toContain(`to bring ${brought} of staging to orders in prod of acme`);
    expect(change).toMatchObject({ kind: 'promotion', state: 'proposed' });
    const { prod, staging } = both;
    expect(await verifyPromotion(prod.as('gate'), await prod.admission(), change)).toEqual(V2);
    for (const { name, digest } of (await staging.find(brought)).events.flatMap(({ evidence }) => evidence))
      expect([name, typeof (await getBytes(prod.vault, `sha256:${digest.sha256}`))]).toEqual([
        name,
        'object',
      ]);
  });

  it('names everybody who wrote what came since the version that runs here', async () => {
    const { change } = await promote(both);
    const source = await change.document('source', PromotionSource);
    const shas = source.commits.map(({ sha }) => sha.at(0)).toSorted();
    expect(shas).toEqual(['2', '9']); // what failed there is in what came after it
    expect(source.origin).toMatchObject({ repository: 'acme/orders', repositoryId: '456789' });
  });

  it('changes nothing in the environment that it comes from', async () => {
    const { staging } = both;
    const before = await staging.vault.list('');
    const { world } = await promote(both);
    expect(await staging.vault.list('')).toEqual(before);
    expect(world.begun).toEqual(['delivery', 'reading elsewhere']);
  });

  it('is refused by inputs that only mean something for another kind', async () => {
    const wrong = given({ kind: 'deploy', from: brought, 'from-region': 'eu-west-1' });
    await expect(run(wrong, worldOf(both.prod))).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
      details: [expect.stringMatching(/^from is/), expect.stringMatching(/^from-region/)],
    });
  });

  it.each<readonly [string, 'denied' | 'planned' | 'failed' | 'rolled-back']>([
    ['was denied', 'denied'],
    ['never deployed', 'planned'],
    ['failed', 'failed'],
    ['was rolled back', 'rolled-back'],
  ])('of a version that %s there is refused, and nothing is written', async (_, state) => {
    const { staging, prod } = await twoEnvironments();
    const id = await staging.bring(state, { image: V2, documents: documents(V2) });
    const before = await prod.vault.list('');
    await expect(promote({ staging, prod }, { from: id })).rejects.toMatchObject(
      unverified(new RegExp(`${id} is ${state}`)),
    );
    await expect(promote({ staging, prod })).rejects.toMatchObject(unverified(/Nothing from staging/));
    expect(await prod.vault.list('')).toEqual(before);
  });

  it('goes nowhere that the contract does not name', async () => {
    const { staging, prod } = both;
    await expect(promote({ staging: prod, prod: staging }, { environment: 'staging' })).rejects.toMatchObject(
      {
        code: 'PROMOTION_NOT_AGREED',
      },
    );
    await expect(promote(both, { kind: 'exercise' })).rejects.toMatchObject({ code: 'PROMOTION_NOT_AGREED' });
  });

  it('brings no manifest that the contract here does not allow', async () => {
    const { staging, prod } = await twoEnvironments();
    const manifest = { ...ORDERS_MANIFEST, scan: { medium: 40 } }; // tighter than staging's floor, looser than prod's
    await staging.bring('closed', { image: V2, documents: documents(V2, { manifest }) });
    await expect(promote({ staging, prod })).rejects.toMatchObject({ code: 'MANIFEST_OUTSIDE_CONTRACT' });
  });

  it('of a version whose record was altered is refused', async () => {
    const { staging, prod } = await twoEnvironments();
    const id = await staging.bring('closed', { image: V2, documents: documents(V2) });
    const key = `changes/staging/orders/${id}/0006.dsse.json`;
    const stored = await staging.vault.read(key);
    await staging.vault.replace(key, Buffer.from('{}'), stored?.version ?? '');
    await expect(promote({ staging, prod }, { from: id })).rejects.toMatchObject({ code: 'EVIDENCE_BROKEN' });
  });
});

describe('the gate of a promotion', () => {
  /** A proposed promotion whose build key said something else than the record of its source. */
  async function claiming(
    change: (told: { source: PromotionSource; record: string }) => Promise<Readonly<Record<string, unknown>>>,
    given: { readonly health?: unknown; readonly kind?: 'promotion' | 'exercise' } = {},
  ) {
    const { staging, prod } = await twoEnvironments();
    const more = given.health === undefined ? {} : { health: given.health };
    await staging.bring('closed', { image: V2, documents: documents(V2, more) });
    const honest = (await promote({ staging, prod })).change;
    const source = await honest.document('source', PromotionSource);
    const bytes = await getBytes(prod.vault, honest.evidence('source-record') ?? `sha256:${''}`);
    const told = await change({ source, record: Buffer.from(bytes).toString() });
    const { record, ...documents_ } = { record: Buffer.from(bytes).toString(), source, ...told };
    const recordDigest = await putBytes(prod.vault, Buffer.from(String(record)));
    const evidence = Object.fromEntries(
      await Promise.all(
        Object.entries(documents_).map(async ([name, document]) => [
          name,
          await putDocument(prod.vault, document),
        ]),
      ),
    ) as Readonly<Record<string, Digest>>; // one digest for each name
    const { openChange } = await import('@tenant-delivery/delivery/change');
    const forged = await openChange(prod.as('build'), await prod.admission(), {
      kind: given.kind ?? 'promotion',
      evidence: {
        manifest: honest.evidence('manifest') ?? recordDigest,
        'image-record': honest.evidence('image-record') ?? recordDigest,
        ...evidence,
        'source-record': recordDigest,
      },
    });
    return verifyPromotion(prod.as('gate'), await prod.admission(), await prod.find(forged.id, 'gate'));
  }

  it.each<readonly [string, Parameters<typeof claiming>, object]>([
    [
      'another image than was verified',
      [async ({ source }) => ({ source: { ...source, image: V1 } })],
      unverified(/names another image/),
    ],
    [
      'an image record of its own',
      [async () => ({ 'image-record': { image: V1 } })],
      unverified(/names another image-record/),
    ],
    ['another manifest', [async () => ({ manifest: ORDERS_MANIFEST.name })], unverified(/another manifest/)],
    [
      'an environment that the contract does not name',
      [async ({ source }) => ({ source: { ...source, environment: 'test' } })],
      unverified(/the contract agrees on staging/),
    ],
    [
      'a record that was cut before it was verified',
      [async ({ record }) => ({ record: record.trimEnd().split('\n').slice(0, 6).join('\n') })],
      unverified(/is deploying/),
    ],
    [
      'a record with a step taken out',
      [
        async ({ record }) => {
          const lines = record.trimEnd().split('\n');
          return { record: [...lines.slice(0, 4), ...lines.slice(5)].join('\n') };
        },
      ],
      { code: 'EVIDENCE_BROKEN' },
    ],
    [
      'a record whose health is of another image',
      [async () => ({}), { health: { image: formatImage(V1), healthy: true } }],
      unverified(/the health of chg_\w+ is about sha256:1111/),
    ],
    [
      'a record whose health is bad',
      [async () => ({}), { health: { image: formatImage(V2), healthy: false } }],
      { code: 'DOCUMENT_ALTERED' },
    ],
    [
      'that it is an exercise, which needs no approval',
      [async () => ({}), { kind: 'exercise' }],
      { code: 'PROMOTION_NOT_AGREED' },
    ],
  ])('does not believe %s', async (_, asked, refusal) => {
    await expect(claiming(...asked)).rejects.toMatchObject(refusal);
  });

  it('names the image as the registry of this region does', async () => {
    const { imageHere } = await import('@tenant-delivery/delivery/promotion-source');
    const { prod } = await twoEnvironments();
    const admission = await prod.admission();
    const there = { repositoryUri: REGISTRY, digest: V1.digest };
    const target = { ...admission.target, region: 'eu-central-1' };
    expect(imageHere(there, 'eu-west-1', { ...admission, target }).repositoryUri).toBe(
      REGISTRY.replace('eu-west-1', 'eu-central-1'),
    );
    expect(imageHere(there, 'eu-west-1', admission)).toEqual(there);
  });
});
