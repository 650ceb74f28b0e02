import { describe, expect, it } from '@jest/globals';
import { inMemoryDelivery } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { run } from '../src/run.ts';
import { given, MANIFEST, worldOf } from './in-memory-world.ts';

const HEAD = 'c'.repeat(40);

function pullRequest(headRepository: number | null = 456789) {
  const repo = (id: number | null) => (id === null ? null : { id });
  return {
    eventName: 'pull_request',
    event: {
      pull_request: {
        number: 7,
        user: { login: 'dev-ana' },
        head: { sha: HEAD, repo: repo(headRepository) },
        base: { sha: 'b'.repeat(40), repo: repo(456789) },
      },
    },
  };
}

const asked = given({
  mode: 'assess',
  manifest: 'proposed/.delivery/service.yaml',
  'base-manifest': 'base/.delivery/service.yaml',
});

function files(proposed: string, base: string | undefined = MANIFEST) {
  return {
    'proposed/.delivery/service.yaml': proposed,
    ...(base !== undefined && { 'base/.delivery/service.yaml': base }),
  };
}

describe('the release gate', () => {
  it('says what a pull request would change and who must approve', async () => {
    const delivery = await inMemoryDelivery();
    const proposed = MANIFEST.replace('/healthz', '/ready').replace('port: 8080', 'port: 8080, cpu: 512');
    const world = worldOf(delivery, { files: files(proposed), context: pullRequest() });
    expect(await run(asked, world)).toMatchObject({ outcome: 'allowed', ok: true });
    const [[marker, comment = ''] = []] = [...world.kept];
    expect(marker).toBe('7 tenant-delivery:release-gate:acme/prod/orders');
    expect(comment).toContain('| `container.cpu` | none | `512` |');
    expect(comment).toContain('| `health.path` | `/healthz` | `/ready` |');
    expect(comment).toContain('one person as `customer`');
    expect(comment).toContain('not `dev-ana`');
    expect(world.completed).toMatchObject([
      { name: 'release gate (acme/prod/orders)', sha: HEAD, conclusion: 'success' },
    ]);
  });

  it('refuses what the contract does not allow, with every line and the remedy, and fails', async () => {
    const delivery = await inMemoryDelivery();
    const proposed = `${MANIFEST}scaling: { min: 2, max: 40 }\nscan: { high: 5 }\n`;
    const world = worldOf(delivery, { files: files(proposed), context: pullRequest() });
    const outcome = await run(asked, world);
    expect(outcome).toMatchObject({ outcome: 'refused', reasonCode: 'MANIFEST_OUTSIDE_CONTRACT', ok: false });
    const [comment = ''] = world.kept.values();
    expect(comment).toContain('is 40; the agreed maximum is 6');
    expect(comment).toContain('is 5; it may only tighten the floor of 0');
    expect(comment).toContain('**What to do:**');
    expect(world.completed).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('shows what would be waived, and lets nobody approve a waiver in a pull request of their own', async () => {
    const waiver = (approvedBy: string) => `scan:
  waivers:
    - id: CVE-2026-12345
      package: pkg:deb/openssl
      repositories: [acme/orders]
      reason: The service opens no TLS connection of its own.
      owner: lead-ben
      approvedBy: ${approvedBy}
      created: 2026-11-20
      expires: 2026-11-26
`;
    const delivery = await inMemoryDelivery({
      contract: (agreed) => {
        const { prod } = agreed.environments;
        if (!prod) throw new Error('acme has prod');
        const waivers = { maximumDays: { high: 7 }, approvers: ['sre-lee', 'dev-ana'] };
        return {
          ...agreed,
          environments: { prod: { ...prod, scanFloor: { ...prod.scanFloor, waivers } } },
        };
      },
    });
    const assess = async (proposed: string, base = MANIFEST) => {
      const world = worldOf(delivery, {
        files: files(`${MANIFEST}${proposed}`, base),
        context: pullRequest(),
      });
      return { outcome: await run(asked, world), comment: [...world.kept.values()].join('') };
    };
    const { outcome, comment } = await assess(waiver('sre-lee'));
    expect(outcome).toMatchObject({ outcome: 'allowed' });
    expect(comment).toMatch(/scan\w+\.waivers\.0.*CVE-2026-12345.*sre-lee/);
    const own = await assess(waiver('Dev-Ana'));
    expect(own.outcome).toMatchObject({ ok: false, reasonCode: 'MANIFEST_OUTSIDE_CONTRACT' });
    expect(own.comment).toContain('who wrote this pull request; somebody else must approve');
    const merged = await assess(waiver('Dev-Ana'), `${MANIFEST}${waiver('Dev-Ana')}`);
    expect(merged.outcome).toMatchObject({ outcome: 'allowed' });
    const inItsFile = waiver('Dev-Ana').replace('scan:', 'schemaVersion: 1').replaceAll('\n  ', '\n');
    const world = worldOf(delivery, {
      files: { ...files(MANIFEST), 'proposed/.delivery/scan-policy.yaml': inItsFile },
      context: pullRequest(),
    });
    expect(await run(asked, world)).toMatchObject({ ok: false, reasonCode: 'MANIFEST_OUTSIDE_CONTRACT' });
    expect([...world.kept.values()].join('')).toContain('.delivery/scan-policy.yaml: waivers.0.approvedBy');
  });

  it('never passes a pull request from a fork, and begins no session for it', async () => {
    for (const head of [999999, null]) {
      const world = worldOf(await inMemoryDelivery(), { files: files(MANIFEST), context: pullRequest(head) });
      expect(await run(asked, world)).toMatchObject({ outcome: 'not-assessed', ok: false });
      expect(world.begun).toEqual([]);
      expect(world.kept.size).toBe(0);
    }
  });

  it('writes nothing into the vault and asks for no more than reading', async () => {
    const delivery = await inMemoryDelivery();
    const before = await delivery.vault.list('');
    const world = worldOf(delivery, { files: files(MANIFEST), context: pullRequest() });
    await run(asked, world);
    expect(await delivery.vault.list('')).toEqual(before);
    expect(world.begun).toEqual(['reading']);
  });

  it('treats every value as new when the base branch has no manifest', async () => {
    const world = worldOf(await inMemoryDelivery(), {
      files: { 'proposed/.delivery/service.yaml': MANIFEST },
      context: pullRequest(),
    });
    await run(asked, world);
    const [comment = ''] = world.kept.values();
    expect(comment).toContain('no valid manifest to compare with');
    expect(comment).toContain('| `container.port` | none | `8080` |');
  });

  it('shows hostile text as text', async () => {
    const proposed = `${MANIFEST}"<img src=x>@everyone": 1\n`;
    const world = worldOf(await inMemoryDelivery(), { files: files(proposed), context: pullRequest() });
    await run(asked, world);
    const [comment = ''] = world.kept.values();
    expect(comment).not.toContain('<img');
    expect(comment).not.toContain('@everyone');
  });

  it('needs a pull request, and is not fooled by the event that runs with the base branch and all secrets', async () => {
    const delivery = await inMemoryDelivery();
    for (const context of [
      { eventName: 'push', event: {} },
      { ...pullRequest(), eventName: 'pull_request_target' },
    ]) {
      await expect(run(asked, worldOf(delivery, { files: files(MANIFEST), context }))).rejects.toMatchObject({
        code: 'PULL_REQUEST_REQUIRED',
      });
    }
  });
});
