import { describe, expect, test } from '@jest/globals';
import { SEVERITIES, type Target } from '@tenant-delivery/domain';
import type { Limit } from '@tenant-delivery/findings/policy';
import * as fc from 'fast-check';
import { ServiceManifest } from '../src/manifest.ts';
import { readYaml } from '../src/read-yaml.ts';
import { resolveService } from '../src/resolve.ts';
import { acme } from './contracts.ts';

const target: Target = {
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  service: 'orders',
};
const { prod } = acme().environments;
const orders = prod?.services['orders'];
if (!prod || !orders) throw new Error('the template has acme/prod/orders');

const MANIFEST: ServiceManifest = {
  schemaVersion: 1,
  tenant: 'acme',
  name: 'orders',
  layer: 'app',
  container: { name: 'orders', port: 8080 },
  health: { path: '/healthz' },
};

const allowance = fc.oneof(fc.constant<Limit>('unlimited'), fc.nat({ max: 40 }));
const wish = fc.record(
  {
    critical: allowance,
    high: allowance,
    medium: allowance,
    low: allowance,
    informational: allowance,
    unknown: allowance,
  },
  { requiredKeys: [] },
);
const tasks = fc.integer({ min: 1, max: 12 });
const asked = (manifest: ServiceManifest, floor = prod.scanFloor) =>
  resolveService(target, { ...prod, scanFloor: floor }, orders, manifest);
const size = (allowed: Limit) => (allowed === 'unlimited' ? Number.POSITIVE_INFINITY : allowed);

describe('a probe', () => {
  const image = `base/node@sha256:${'1'.repeat(64)}`;
  const wished = (probe: ServiceManifest['probe'], named = true) =>
    resolveService(target, { ...prod, ...(named && { probe: { image } }) }, orders, { ...MANIFEST, probe });

  test('is resolved with what nobody says', () => {
    expect(wished({ path: '/orders', seconds: 2 })).toMatchObject({
      resolved: {
        probe: {
          path: { value: '/orders', from: 'manifest' },
          status: { value: '200', from: 'default' },
          seconds: { value: 2, from: 'manifest' },
        },
      },
    });
  });

  test('that nothing could make is refused before anything is built', () => {
    expect(wished({ path: '/orders' }, false)).toEqual({
      breaches: [{ path: 'probe', problem: expect.stringContaining('names no image') }],
    });
  });

  test.each<[string, string | undefined]>([
    ['probe: { path: /a, status: 200 }', undefined],
    ['probe: { path: /a, status: 200-299, seconds: 30 }', undefined],
    ['probe: { path: a }', 'probe.path'],
    ['probe: { path: "/a?b" }', 'probe.path'],
    ['probe: { path: "/a\\r\\nHost: x" }', 'probe.path'],
    ['probe: { path: /a, status: 299-200 }', 'probe.status'],
    ['probe: { path: /a, status: 2000 }', 'probe.status'],
    ['probe: { path: /a, seconds: 0 }', 'probe.seconds'],
    ['probe: { path: /a, image: x }', 'probe.image'],
  ])('as %s is wrong at %s', (text, at) => {
    const manifest = JSON.stringify(MANIFEST).slice(0, -1); // JSON is YAML
    const read = readYaml(`${manifest}, ${text}}`, ServiceManifest);
    const mistakes = 'mistakes' in read ? read.mistakes : [];
    expect(mistakes).toEqual(at === undefined ? [] : [expect.stringContaining(at)]);
  });
});

test('no manifest can weaken any floor, whatever the floor', async () => {
  const floors = fc.record({
    critical: allowance,
    high: allowance,
    medium: allowance,
    low: allowance,
    informational: allowance,
    unknown: allowance,
  });
  await fc.assert(
    fc.property(floors, wish, (floor, scan) => {
      const answer = asked({ ...MANIFEST, scan }, floor);
      const weakens = SEVERITIES.filter(
        (severity) => size(scan[severity] ?? floor[severity]) > size(floor[severity]),
      );
      if ('breaches' in answer) {
        expect(answer.breaches.map(({ path }) => path)).toEqual(
          weakens.map((severity) => `scan.${severity}`),
        );
        return;
      }
      expect(weakens).toEqual([]);
      for (const severity of SEVERITIES) {
        const { value, from } = answer.resolved.scan[severity];
        expect(size(value)).toBe(Math.min(size(floor[severity]), size(scan[severity] ?? 'unlimited')));
        expect(from).toBe(size(value) < size(floor[severity]) ? 'manifest' : 'floor');
      }
    }),
    { numRuns: 300 },
  );
});

test('no manifest can leave the agreed range of tasks', async () => {
  await fc.assert(
    fc.property(tasks, tasks, (min, max) => {
      const answer = asked({ ...MANIFEST, scaling: { min, max } });
      const inside = orders.capacity.base <= min && min <= max && max <= orders.capacity.maximum;
      expect('resolved' in answer).toBe(inside);
    }),
  );
});

test('without a wish, the agreed range and floor hold, and say where they came from', () => {
  const answer = asked(MANIFEST);
  expect(answer).toMatchObject({
    resolved: {
      scaling: { min: { value: 2, from: 'contract' }, max: { value: 6, from: 'contract' } },
      scan: { critical: { value: 0, from: 'floor' }, low: { value: 'unlimited', from: 'floor' } },
      container: { port: { value: 8080, from: 'manifest' } },
    },
  });
});

test('a policy that says more than limits is resolved with them, and a wish beyond it is refused by its path', () => {
  const scan: ServiceManifest['scan'] = { high: { graceDays: 3 }, overrides: { kev: 'block' } };
  const floor = { ...prod.scanFloor, high: { graceDays: 7 } };
  expect(asked({ ...MANIFEST, scan }, floor)).toMatchObject({
    resolved: {
      scan: { high: { value: 0, from: 'floor' } },
      scanRules: {
        rules: { high: { graceDays: { value: 3, from: 'manifest' } } },
        overrides: { kev: { value: 'block', from: 'manifest' } },
      },
    },
  });
  expect(asked({ ...MANIFEST, scan: { high: { graceDays: 9 } } }, floor)).toEqual({
    breaches: [{ path: 'scan.high.graceDays', problem: 'is 9; it may only tighten the floor of 7' }],
  });
});

describe('names every wish outside the contract at once', () => {
  test('in one answer', () => {
    const answer = asked({
      ...MANIFEST,
      tenant: 'globex',
      layer: 'edge',
      container: { name: 'orders', port: 9090 },
      scaling: { min: 1, max: 9 },
      scan: { high: 3 },
    });
    expect(answer).toEqual({
      breaches: [
        { path: 'tenant', problem: 'is globex, but the workflow names acme' },
        { path: 'layer', problem: 'is edge; the contract places orders in app' },
        { path: 'container.port', problem: 'is 9090; ports open into app: 8080' },
        { path: 'scaling.min', problem: 'is 1; the agreed base is 2' },
        { path: 'scaling.max', problem: 'is 9; the agreed maximum is 6' },
        { path: 'scan.high', problem: 'is 3; it may only tighten the floor of 0' },
      ],
    });
  });

  test('and the container beside the service that the contract does not give to it', () => {
    const agreed = { ...orders, container: 'orders' };
    const named = (name: string) =>
      resolveService(target, prod, agreed, { ...MANIFEST, container: { name, port: 8080 } });
    expect(named('orders')).toHaveProperty('resolved');
    expect(named('proxy')).toEqual({
      breaches: [
        {
          path: 'container.name',
          problem: 'is proxy; the contract puts the image of orders into orders',
        },
      ],
    });
  });
});
