import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { EnvironmentContract, TenantContract } from '../src/contract.ts';
import { explainDifferences } from '../src/explain-differences.ts';
import { acme } from './contracts.ts';

function prod(change: (environment: EnvironmentContract) => Partial<EnvironmentContract>): TenantContract {
  const contract = acme();
  const environment = contract.environments['prod'];
  if (!environment) throw new Error('acme has prod');
  const environments = { ...contract.environments, prod: { ...environment, ...change(environment) } };
  return { ...contract, environments };
}
const orders = (change: object) => (environment: EnvironmentContract) => ({
  services: { orders: { ...environment.services['orders'], ...change } } as EnvironmentContract['services'], // one member changed
});

const said = (before: TenantContract, after: TenantContract) =>
  explainDifferences(before, after).map(({ sentence }) => sentence);

test('says nothing when nothing differs, in any order of members', () => {
  const turned = Object.fromEntries(Object.entries(acme()).reverse()) as TenantContract;
  expect(said(acme(), turned)).toEqual([]);
});

test.each<readonly [string, TenantContract, readonly string[]]>([
  [
    'a range of capacity',
    prod(orders({ capacity: { base: 3, maximum: 8 } })),
    ['orders in prod always has 3 tasks instead of 2.', 'orders in prod may grow to 8 tasks instead of 6.'],
  ],
  [
    'approvers and how many must approve',
    prod(({ approval }) => ({
      approval: { ...approval, required: { customer: 2 }, roles: { ...approval.roles, customer: [200_002] } },
    })),
    [
      'A change in prod needs 2 approvals by customer instead of 1.',
      'GitHub user 200001 may no longer approve changes in prod as customer.',
      'GitHub user 200002 may approve changes in prod as customer.',
    ],
  ],
  [
    'a firewall rule',
    prod(() => ({
      layerEdges: [
        { from: 'edge', to: 'app', ports: ['8443'], protocol: 'tcp' },
        { from: 'app', to: 'edge', ports: ['53'], protocol: 'udp' },
      ],
    })),
    [
      'In prod edge no longer reaches port 8080 of app.',
      'In prod edge reaches port 8443 of app.',
      'In prod app reaches edge by udp (port 53).',
    ],
  ],
  [
    'a limit of findings',
    prod(({ scanFloor }) => ({ scanFloor: { ...scanFloor, medium: 50 } })),
    ['For prod the limit of medium findings is 50, it was 10.'],
  ],
  [
    'a release that is trusted in place of another',
    { ...acme(), releases: ['v0.2.0'] },
    ['The roles no longer trust the release v0.1.0.', 'The roles trust the release v0.2.0.'],
  ],
  [
    'a member that no rule knows',
    prod(({ loadBalancer }) => ({ loadBalancer: { ...loadBalancer, listenerPort: 8443 } })),
    ['environments.prod.loadBalancer.listenerPort is 8443 instead of 80.'],
  ],
])('says what changes: %s', (_, after, sentences) => {
  expect(said(acme(), after)).toEqual(sentences);
});

test('concerns the customer and the provider as a change of rights does, and the provider alone with its own', () => {
  const [serial] = explainDifferences(acme(), { ...acme(), serial: 2 });
  expect(serial).toEqual({ concerns: ['provider'], sentence: 'The serial goes from 1 to 2.' });
});

/** Every place in a document that holds a plain value. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
}

function withLeaf(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  Reflect.set(copy, key, withLeaf(Reflect.get(copy, key), rest, leaf));
  return copy;
}

test('no change of any member goes unsaid, and what is said has the new value', () => {
  const before = acme();
  const paths = leaves(before);
  fc.assert(
    fc.property(fc.constantFrom(...paths), (path) => {
      const after = withLeaf(before, path, 'something-new') as TenantContract; // as a reader of any file would see it
      expect(said(before, after).join('\n')).toContain('something-new');
    }),
    { numRuns: 300 },
  );
});

test('tells of keys by their ids, and that what a dropped one signed no longer counts', () => {
  const key = (id: string, more: object = {}) => ({
    keyId: id.repeat(64),
    duty: 'deploy' as const,
    publicKey: 'its PEM',
    from: '2026-01-01T00:00:00Z',
    ...more,
  });
  const keys = (...agreed: ReturnType<typeof key>[]) => prod(() => ({ keys: agreed }));
  expect(said(acme(), keys(key('a')))).toEqual(['The contract names the keys of prod.']);
  expect(said(keys(key('a')), keys(key('a', { until: '2026-06-01T00:00:00Z' }), key('b')))).toEqual([
    'The key aaaaaaaaaaaa… of prod counts until 2026-06-01T00:00:00Z.',
    'The key bbbbbbbbbbbb… signs for prod.',
  ]);
  expect(said(keys(key('a'), key('b')), keys(key('a')))).toEqual([
    'The key bbbbbbbbbbbb… of prod goes: nothing that it signed counts any more.',
  ]);
});
