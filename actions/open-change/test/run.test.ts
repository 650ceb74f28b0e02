import { describe, expect, it } from '@jest/globals';
import { verifyRollback } from '@tenant-delivery/delivery/rollback-target';
import {
  type InMemoryDelivery,
  inMemoryDelivery,
  ORDERS_IMAGE,
  ORDERS_MANIFEST,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import { type Digest, formatImage } from '@tenant-delivery/domain';
import { ServiceManifest } from '@tenant-delivery/tenancy/manifest';
import { ResolvedService } from '@tenant-delivery/tenancy/resolve';
import { run } from '../src/run.ts';
import { given, MANIFEST, worldOf } from './in-memory-world.ts';

const keysOf = async ({ vault }: InMemoryDelivery) => vault.list('');
const image = (hex: string) => ({ ...ORDERS_IMAGE, digest: `sha256:${hex.repeat(64)}` as Digest });
const DOCUMENTS = { 'image-record': { of: 'image' }, verdict: { of: 'verdict' } };

describe('a proposed delivery', () => {
  it('is recorded with the contract, the manifest and what both come to', async () => {
    const delivery = await inMemoryDelivery();
    const world = worldOf(delivery);
    const outcome = await run(given({ reason: 'faster checkout', 'external-ref': 'CHG0031234' }), world);
    expect(outcome).toMatchObject({ outcome: 'proposed', ok: true });

    const change = await delivery.find(world.runner.outputs['change'] ?? '');
    expect(change).toMatchObject({
      state: 'proposed',
      facts: { kind: 'deploy', reason: 'faster checkout', externalRef: 'CHG0031234' },
    });
    expect(change.evidence('contract')).toBe((await delivery.admission()).contractDigest);
    expect(await change.document('manifest', ServiceManifest)).toMatchObject({ name: 'orders' });
    expect(await change.document('resolved', ResolvedService)).toMatchObject({
      container: { port: { value: 8080, from: 'manifest' } },
      scan: { critical: { value: 0, from: 'floor' } },
    });
  });

  it.each<[string, string, string, readonly RegExp[]]>([
    [
      'that is not valid',
      MANIFEST.replace('port', 'prot').replace('/healthz', 'healthz'),
      'MANIFEST_INVALID',
      [
        /container\.prot: is not a known key; did you mean port/,
        /container\.port: is missing/,
        /health\.path/,
      ],
    ],
    [
      'that asks for more than the contract allows',
      `${MANIFEST}scaling: { min: 1, max: 99 }\nscan: { critical: 3 }\n`,
      'MANIFEST_OUTSIDE_CONTRACT',
      [/scaling\.min: is 1; the agreed base is 2/, /scaling\.max: is 99/, /scan\.critical: is 3/],
    ],
  ])(
    'is refused with every mistake of a manifest %s, and nothing is written',
    async (_, text, code, lines) => {
      const delivery = await inMemoryDelivery();
      const before = await keysOf(delivery);
      const world = worldOf(delivery, { files: { '.delivery/service.yaml': text } });
      const refusal = await run(given(), world).catch((thrown: unknown) => thrown);
      expect(refusal).toMatchObject({ code });
      const details = (refusal as { readonly details: readonly string[] }).details.join('\n'); // a Failure, by its code
      for (const line of lines) expect(details).toMatch(line);
      expect(await keysOf(delivery)).toEqual(before);
    },
  );

  it('takes the scan policy that stands in a file beside the manifest, as if it stood in it', async () => {
    const delivery = await inMemoryDelivery();
    const withPolicy = (policy: string, manifest = MANIFEST) =>
      worldOf(delivery, {
        files: { '.delivery/service.yaml': manifest, '.delivery/scan-policy.yaml': policy },
      });
    const world = withPolicy('schemaVersion: 1\nmedium: 3\n');
    await run(given(), world);
    const change = await delivery.find(world.runner.outputs['change'] ?? '');
    expect(await change.document('manifest', ServiceManifest)).toMatchObject({ scan: { medium: 3 } });
    expect(await change.document('resolved', ResolvedService)).toMatchObject({
      scan: { medium: { value: 3, from: 'manifest' } },
    });
    await expect(run(given(), withPolicy('schemaVersion: 1\ncritical: 3\n'))).rejects.toMatchObject({
      code: 'MANIFEST_OUTSIDE_CONTRACT',
      details: ['.delivery/scan-policy.yaml: critical: is 3; it may only tighten the floor of 0'],
    });
    const both = withPolicy('schemaVersion: 1\nhihg: 3\n', `${MANIFEST}scan: { medium: 3 }\n`);
    await expect(run(given(), both)).rejects.toMatchObject({
      code: 'SCAN_POLICY_INVALID',
      details: [
        'hihg: is not a known key; did you mean high?',
        'is there, and so is `scan` in .delivery/service.yaml: keep one of both',
      ],
    });
  });

  it('is refused without a manifest, before it has any identity', async () => {
    const world = worldOf(await inMemoryDelivery(), { files: {} });
    await expect(run(given(), world)).rejects.toMatchObject({ code: 'MANIFEST_NOT_FOUND' });
    expect(world.begun).toEqual([]);
  });

  it('is refused when inputs contradict each other, each named', async () => {
    const world = worldOf(await inMemoryDelivery());
    const wrong = given({ kind: 'rollback', mode: 'assess' });
    await expect(run(wrong, world)).rejects.toMatchObject({
      code: 'INPUTS_INVALID',
      details: [
        expect.stringMatching(/^mode/),
        expect.stringMatching(/^reason/),
        expect.stringMatching(/^base-manifest/),
      ],
    });
  });
});

describe('older changes', () => {
  it('are recorded as abandoned when their run is over, and left alone while it lives or is not to be seen', async () => {
    const delivery = await inMemoryDelivery();
    const propose = async (runId: string, runAttempt = 1) => {
      const world = worldOf(delivery, {
        claims: { runId, runAttempt },
        runs: { [runId]: { kind: 'alive', attempt: 1 } },
      });
      await run(given(), world);
      return world.runner.outputs['change'] ?? '';
    };
    const alive = await propose('1');
    const over = await propose('2');
    const elsewhere = await propose('3');
    const rerun = await propose('4');
    const outcome = await run(
      given(),
      worldOf(delivery, {
        claims: { runId: '5' },
        runs: {
          1: { kind: 'alive', attempt: 1 },
          2: { kind: 'over', attempt: 1 },
          4: { kind: 'alive', attempt: 2 },
        },
      }),
    );
    const states = await Promise.all(
      [alive, over, elsewhere, rerun].map(async (id) => (await delivery.find(id)).state),
    );
    expect(states).toEqual(['proposed', 'abandoned', 'proposed', 'abandoned']);
    expect(outcome.facts['abandoned']).toEqual(expect.arrayContaining([over, rerun]));
  });

  it('that another delivery abandons at the same time are its business, and no failure', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    const over = { runs: { 9001: { kind: 'over', attempt: 1 } } } as const;
    const claims = { runId: '9002' };
    const other = async () => run(given(), worldOf(delivery, { ...over, claims: { runId: '9003' } }));
    let raced = false;
    const meanwhile = async () => {
      if (!raced) await other();
      raced = true;
    };
    const outcome = await run(given(), worldOf(delivery, { ...over, claims, meanwhile }));
    expect(outcome).toMatchObject({ outcome: 'proposed', facts: { abandoned: [] } });
    expect((await delivery.find(id)).state).toBe('abandoned');
  });

  it('that move at the very moment of writing are left alone', async () => {
    const delivery = await inMemoryDelivery();
    await delivery.bring('planned');
    const racing: InMemoryDelivery = {
      ...delivery,
      as: (duty, job) => {
        const world = delivery.as(duty, job);
        const create: typeof world.vault.create = async (key, bytes) => {
          if (key.endsWith('0004.dsse.json')) {
            const [id = ''] = /chg_\w+/.exec(key) ?? [];
            await (await delivery.find(id, 'gate')).append('withdrawn');
          }
          return world.vault.create(key, bytes);
        };
        return { ...world, vault: { ...world.vault, create } };
      },
    };
    const over = { 9001: { kind: 'over', attempt: 1 } } as const;
    const outcome = await run(given(), worldOf(racing, { runs: over, claims: { runId: '9002' } }));
    expect(outcome.facts['abandoned']).toEqual([]);
  });

  it('that are deploying are left to the run that takes the lock', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('deploying');
    await run(given(), worldOf(delivery, { runs: { 9001: { kind: 'over', attempt: 1 } } }));
    expect((await delivery.find(id)).state).toBe('deploying');
  });

  it('are found after 45 days even if GitHub does not show their run', async () => {
    const delivery = await inMemoryDelivery();
    const id = await delivery.bring('planned');
    await delivery.clock.sleep(46 * 24 * 3_600_000);
    await run(given(), worldOf(delivery));
    expect((await delivery.find(id)).state).toBe('abandoned');
  });
});

describe('a proposed rollback', () => {
  async function twoVersions() {
    const delivery = await inMemoryDelivery();
    const first = await delivery.bring('closed', { image: image('1'), documents: DOCUMENTS });
    await delivery.clock.sleep(60_000);
    const second = await delivery.bring('closed', { image: image('2'), documents: DOCUMENTS });
    await delivery.clock.sleep(60_000);
    return { delivery, first, second };
  }

  it('goes back to the version before, by reference to its evidence', async () => {
    const { delivery, first, second } = await twoVersions();
    const world = worldOf(delivery);
    await run(given({ kind: 'rollback', reason: 'answers 500' }), world);
    const change = await delivery.find(world.runner.outputs['change'] ?? '');
    const before = await delivery.find(first);
    expect(change.facts).toMatchObject({ kind: 'rollback', revertOf: second, reason: 'answers 500' });
    for (const name of ['manifest', 'image-record', 'verdict'])
      expect([name, change.evidence(name)]).toEqual([name, before.evidence(name)]);
    const found = await verifyRollback(delivery.as('gate'), delivery.target, change);
    expect(formatImage(found)).toBe(formatImage(image('1')));
  });

  it('goes where it is told, and nowhere that was never verified here', async () => {
    const { delivery, second } = await twoVersions();
    const named = worldOf(delivery);
    await run(given({ kind: 'rollback', to: second, reason: 'back' }), named);
    const denied = await delivery.bring('denied', { documents: DOCUMENTS });
    const missing = 'chg_00000000000000000000000000';
    for (const to of [denied, missing]) {
      await expect(
        run(given({ kind: 'rollback', to, reason: 'back' }), worldOf(delivery)),
      ).rejects.toMatchObject({ code: 'ROLLBACK_TARGET_NOT_FOUND' });
    }
  });

  it('goes before every change that does not deploy yet, and leaves one that does to the lock', async () => {
    const { delivery } = await twoVersions();
    const deploying = await delivery.bring('deploying');
    const open = [
      await delivery.bring('proposed'),
      await delivery.bring('planned'),
      await delivery.bring('approved'),
    ];
    const alive = { runs: { 9001: { kind: 'alive', attempt: 1 } }, claims: { runId: '9002' } } as const;
    const world = worldOf(delivery, alive);
    const outcome = await run(given({ kind: 'rollback', reason: 'answers 500' }), world);
    const states = await Promise.all(open.map(async (id) => (await delivery.find(id)).state));
    expect(states).toEqual(['abandoned', 'abandoned', 'abandoned']);
    expect(outcome.facts['abandoned']).toEqual(expect.arrayContaining(open));
    const [proposed = ''] = open;
    expect((await delivery.find(proposed)).events.at(-1)?.decision?.reasons).toEqual([
      'SUPERSEDED_BY_ROLLBACK',
    ]);
    expect((await delivery.find(deploying)).state).toBe('deploying');
    expect((await delivery.find(world.runner.outputs['change'] ?? '')).state).toBe('proposed');
  });

  it('is not held up by scan limits that were tightened since: its findings were judged then', async () => {
    const delivery = await inMemoryDelivery();
    const manifest = { ...ORDERS_MANIFEST, scan: { critical: 5 } };
    const goal = await delivery.bring('closed', { documents: { ...DOCUMENTS, manifest } });
    const world = worldOf(delivery);
    const outcome = await run(given({ kind: 'rollback', to: goal, reason: 'back' }), world);
    expect(outcome).toMatchObject({ outcome: 'proposed' });
  });

  it('does not go on when a reference is not the one of its target', async () => {
    const { delivery, first } = await twoVersions();
    const { target } = await import('@tenant-delivery/delivery/rollback-target').then(
      ({ readRollbackTarget }) => readRollbackTarget(delivery.as('build'), delivery.target, first),
    );
    const id = await delivery.bring('proposed', {
      kind: 'rollback',
      documents: { target, 'image-record': { of: 'another' } },
    });
    await expect(
      verifyRollback(delivery.as('gate'), delivery.target, await delivery.find(id)),
    ).rejects.toMatchObject({ code: 'ROLLBACK_TARGET_NOT_FOUND' });
  });
});
