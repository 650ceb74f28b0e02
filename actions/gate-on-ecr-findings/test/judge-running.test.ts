import { expect, it } from '@jest/globals';
import {
  inMemoryDelivery,
  ORDERS_IMAGE,
  ORDERS_MANIFEST,
} from '@tenant-delivery/delivery/test/in-memory-delivery';
import type { Digest } from '@tenant-delivery/domain';
import { fakeClock } from '@tenant-delivery/testkit/fake-clock';
import { judgeService } from '../src/re-gate/judge-service.ts';
import type { ReGateWorld } from '../src/re-gate/ports.ts';
import { RECORD } from './image-record.ts';

const OTHER: Digest = `sha256:${'9'.repeat(64)}`;
const REASON = 'It is one static binary, and has no packages.';
const WITH_BILL = {
  ...RECORD,
  referrers: [{ kind: 'sbom', subject: ORDERS_IMAGE.digest, digest: `sha256:${'5'.repeat(64)}` }],
};

it('lets an image run that nothing can inspect where that is agreed, and none beside it without the list of its build', async () => {
  const clock = fakeClock();
  const delivery = await inMemoryDelivery({
    clock,
    contract: (agreed) => {
      const { prod } = agreed.environments;
      if (!prod) throw new Error('acme has prod');
      const terms = { reason: REASON, repositories: ['acme/*'], maximumDays: 30, approvers: ['sre-lee'] };
      const scanFloor = { ...prod.scanFloor, unscannable: terms };
      return { ...agreed, environments: { prod: { ...prod, scanFloor } } };
    },
  });
  const words = { owner: 'dev-ana', approvedBy: 'sre-lee', created: '2026-11-20', expires: '2026-11-30' };
  const manifest = { ...ORDERS_MANIFEST, scan: { unscannable: { reason: REASON, ...words } } };
  await delivery.bring('closed', { documents: { manifest, 'image-record': WITH_BILL } });
  const task = (imageDigest: Digest) => ({ arn: 'a', containers: [{ name: 'orders', imageDigest }] });
  const world = {
    ...delivery.as('gate'),
    services: { tasks: async () => [task(ORDERS_IMAGE.digest), task(OTHER)] },
    inspections: {
      mode: async () => ({ type: 'basic', frequency: 'SCAN_ON_PUSH' }),
      image: async (_: string, digest: Digest) => ({
        pushedAt: clock.now() - 1000,
        children: [{ platform: 'linux/amd64', digest }],
      }),
      inspect: async () => ({ reply: { status: 'UNSUPPORTED_IMAGE', listed: 0 }, findings: [] }),
    },
    lifecycle: { policy: async () => undefined },
    enrichment: { enrich: async () => ({ enriched: [], troubles: [] }) },
  } as unknown as ReGateWorld; // as far as a service is judged by it
  const { unknown } = await judgeService(world, await delivery.admission(), 1);
  expect(unknown).toEqual([expect.stringContaining(OTHER)]);
});
