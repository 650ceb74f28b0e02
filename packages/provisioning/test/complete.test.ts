import { expect, test } from '@jest/globals';
import type { EnvironmentContract, TenantContract } from '@tenant-delivery/tenancy/contract';
import { completeContract, type MadeKey } from '../src/complete.ts';
import { contractOfSize, SHAPES, type Shape } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { stacksOf } from '../src/stacks/stacks-of.ts';

type EnvironmentKey = NonNullable<EnvironmentContract['keys']>[number];

const NOW = '2026-11-24T09:00:00.000Z';
const DATES = { now: NOW, since: new Map<string, string>() };
const SMALL = contractOfSize(SHAPES['1/1/1'] as Shape);

/** The contract before anything was made, with other members of its environment. */
function agreed(change: Partial<EnvironmentContract> = {}): TenantContract {
  const { prod } = SMALL.environments;
  if (!prod) throw new Error('it has a production');
  const layers = Object.fromEntries(Object.keys(prod.layers).map((layer) => [layer, {}]));
  const open = { ...prod, vpc: { cidr: prod.vpc.cidr }, layers, ...change };
  return { ...SMALL, environments: { prod: open } };
}

/** As the network's own template calls its outputs. */
function outputs(): Readonly<Record<string, string>> {
  const released = { provider: 'OWNER/tenant-delivery', releases: ['v1.12.0'], publishers: [] };
  const rendered = renderEnvironment(SMALL, 'prod', released);
  const network = stacksOf(SMALL, 'prod', rendered).find(({ part }) => part === 'network');
  const names = Object.keys(network?.template.Outputs ?? {});
  return Object.fromEntries(
    names.map((name) => {
      const id = name.toLowerCase();
      if (name === 'VpcId') return [name, 'vpc-0made'];
      if (name.startsWith('Subnets')) return [name, `subnet-${id}1,subnet-${id}2`];
      return [name, name.startsWith('Group') ? `sg-${id}` : 'something else'];
    }),
  );
}

const key = (keyId: string, duty: EnvironmentKey['duty'] = 'deploy'): MadeKey => ({
  keyId: keyId.repeat(64),
  duty,
  publicKey: `the PEM of ${keyId}`,
});
const known = (keyId: string, more: Partial<EnvironmentKey> = {}): EnvironmentKey => ({
  ...key(keyId),
  from: '2026-01-01T00:00:00Z',
  ...more,
});

test('takes every id from the outputs of the network, and raises the serial', () => {
  const { edits, sentences, open } = completeContract(
    agreed(),
    'prod',
    { network: outputs(), keys: [key('a')] },
    DATES,
  );
  expect(open).toEqual([]);
  const set = new Map(edits.map(({ path, value }) => [path.join('.'), value]));
  expect(set.get('serial')).toBe(2);
  expect(set.get('environments.prod.vpc.id')).toBe('vpc-0made');
  for (const layer of Object.keys(agreed().environments['prod']?.layers ?? {})) {
    expect(set.get(`environments.prod.layers.${layer}.subnets`)).toHaveLength(2);
    expect(set.get(`environments.prod.layers.${layer}.securityGroups`)).toHaveLength(1);
  }
  expect(sentences).toContain('The serial goes from 1 to 2.');
  expect(sentences).toContain('The VPC in prod: vpc-0made.');
});

test('changes nothing when nothing is new, whatever the outputs also say', () => {
  const { prod } = agreed({ keys: [known('a')] }).environments;
  const made = { network: outputs(), keys: [key('a')] };
  const first = completeContract(agreed({ keys: [known('a')] }), 'prod', made, DATES);
  const done: EnvironmentContract = JSON.parse(JSON.stringify(prod));
  for (const { path, value } of first.edits.slice(1)) {
    const [, , ...rest] = path.map(String);
    const last = rest.pop() ?? '';
    const place = rest.reduce<unknown>((at, name) => Reflect.get(Object(at), name), done);
    Reflect.set(Object(place), last, value);
  }
  const again = completeContract({ ...SMALL, environments: { prod: done } }, 'prod', made, DATES);
  expect(again).toEqual({ edits: [], sentences: [], open: [] });
});

test('says what is still open, and completes the rest', () => {
  const before = completeContract(agreed(), 'prod', { network: undefined, keys: [] }, DATES);
  expect(before).toEqual({
    edits: [],
    sentences: [],
    open: [
      'the network of prod: it is not provisioned',
      'the keys of prod: there is none under alias/td/prod/',
    ],
  });
  const { VpcId: _, ...rest } = outputs();
  const half = completeContract(agreed(), 'prod', { network: rest, keys: [key('a')] }, DATES);
  expect(half.open).toEqual(["vpc.id of prod: the network's stack has no such output"]);
  expect(half.edits.length).toBeGreaterThan(1);
});

test('ends a key when another one takes its place, and keeps what an older one says', () => {
  const contract = agreed({
    keys: [known('a', { until: '2026-02-01T00:00:00Z' }), known('b'), known('g', { duty: 'gate' })],
  });
  const { edits, sentences } = completeContract(
    contract,
    'prod',
    { network: outputs(), keys: [key('c'), key('g', 'gate')] },
    DATES,
  );
  const ofKeys = edits.filter(({ path }) => path[2] === 'keys');
  expect(ofKeys).toEqual([
    { path: ['environments', 'prod', 'keys', 1, 'until'], kind: 'set', value: NOW },
    { path: ['environments', 'prod', 'keys'], kind: 'append', value: { ...key('c'), from: NOW } },
  ]);
  expect(sentences).toContain(`The deploy key bbbbbbbbbbbb… of prod counts until ${NOW}.`);
});

test('a key that a trust file believed counts since then, so that its record goes on to verify', () => {
  const since = new Map([[key('a').keyId, '2026-03-01T00:00:00Z']]);
  const made = { network: outputs(), keys: [key('a')] };
  const { edits } = completeContract(agreed(), 'prod', made, { now: NOW, since });
  expect(edits.at(-1)?.value).toMatchObject({ from: '2026-03-01T00:00:00Z' });
});
