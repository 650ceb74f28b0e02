import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CHANGE_KINDS,
  CHANGE_STATES,
  canonicalJson,
  DELIVERY_KINDS,
  DUTIES,
  dutiesFor,
  formatImage,
  imageEntersAt,
  isEnd,
  isOwnRegistry,
  nearest,
  nextStates,
  PARTITION_NAMES,
  PARTITIONS,
  PROVISIONING_KINDS,
  parseImage,
  parseTaggedImage,
  partitionOf,
  REGION,
  shortDigests,
  statesSignedBy,
} from '../src/index.ts';

describe('canonical JSON', () => {
  it('is one text for one value, whatever the order of its members, and says the same value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalJson(value);
        expect(canonicalJson(turned)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('refuses what JSON cannot say', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, { a: () => {} }, [undefined]]) {
      expect(() => canonicalJson(value)).toThrow(TypeError);
    }
  });
});

/** Every state that a change of this kind can come to. */
function reachable(kind: (typeof CHANGE_KINDS)[number]): ReadonlySet<string> {
  const seen = new Set<(typeof CHANGE_STATES)[number]>(['proposed']);
  for (const state of seen) for (const next of nextStates(kind, state)) seen.add(next);
  return seen;
}

describe('the states of a change', () => {
  it.each(CHANGE_KINDS)('lead a %s from its proposal to an end, from wherever it stands', (kind) => {
    const ends = (state: (typeof CHANGE_STATES)[number], seen: readonly string[] = []): boolean =>
      isEnd(state) ||
      nextStates(kind, state).some((next) => !seen.includes(next) && ends(next, [...seen, state]));
    for (const state of CHANGE_STATES) expect([state, ends(state)]).toEqual([state, true]);
    expect(nextStates(kind, undefined)).toEqual(['proposed']);
  });

  it('let nobody deploy a delivery that was not built, gated, planned and approved', () => {
    const before = (target: string) =>
      CHANGE_STATES.filter((state) => nextStates('deploy', state).some((next) => next === target));
    expect(before('deploying')).toEqual(['approved']);
    expect(before('approved')).toEqual(['planned']);
    expect(before('planned')).toEqual(['gated']);
    expect(before('gated')).toEqual(['built']);
    expect(before('built')).toEqual(['proposed']);
  });

  it.each([
    ['deploy', 'built', 'approved'],
    ['promotion', 'gated', 'approved'],
    ['rollback', 'gated', 'planned'],
    ['exercise', 'gated', 'planned'],
  ] as const)('let a %s enter as %s and deploy only once it is %s', (kind, entry, ready) => {
    expect(nextStates(kind, 'proposed')[0]).toBe(entry);
    const before = CHANGE_STATES.filter((state) => nextStates(kind, state).includes('deploying'));
    expect(before.filter((state) => reachable(kind).has(state))).toEqual([ready]);
  });

  it.each(DELIVERY_KINDS)(
    'of a %s are each signed by a duty, and going forward by one duty alone',
    (kind) => {
      for (const state of CHANGE_STATES) {
        const saysNo = { rejected: 2, abandoned: 3 }[String(state)] ?? 1;
        expect([state, dutiesFor(kind, state).length]).toEqual([state, saysNo]);
      }
    },
  );

  it.each(PROVISIONING_KINDS)(
    'of a %s are signed by its own duty, and approved by the one of people',
    (kind) => {
      expect(DUTIES.filter((duty) => statesSignedBy(duty, kind).length > 0)).toEqual([
        'approve',
        'provision',
      ]);
      for (const state of reachable(kind)) {
        const duties = dutiesFor(kind, state as (typeof CHANGE_STATES)[number]);
        const approves = ['approved', 'expired'].includes(state);
        const either = state === 'rejected';
        expect([state, duties]).toEqual([
          state,
          either ? ['approve', 'provision'] : [approves ? 'approve' : 'provision'],
        ]);
      }
      for (const delivery of DELIVERY_KINDS) expect(statesSignedBy('provision', delivery)).toEqual([]);
    },
  );

  it.each(PROVISIONING_KINDS)('let a %s bring no image, and deploy nothing that was not approved', (kind) => {
    expect(imageEntersAt(kind)).toBeUndefined();
    expect(reachable(kind).has('built')).toBe(false);
    const before = CHANGE_STATES.filter((state) => nextStates(kind, state).includes('deploying'));
    expect(before.filter((state) => reachable(kind).has(state))).toEqual(['approved']);
  });

  it("are signed by the job that runs a customer's build as far as what it built, and never as judged", () => {
    expect(statesSignedBy('build', 'deploy')).toEqual(['proposed', 'built', 'abandoned']);
  });
});

describe('names', () => {
  it('are suggested when one letter is missing, added, wrong or swapped, and not when nothing is near', () => {
    const known = ['tenant', 'environment', 'timeout-minutes'];
    expect(['tennant', 'tenat', 'tenamt', 'teannt'].map((name) => nearest(name, known))).toEqual(
      Array(4).fill('tenant'),
    );
    expect(nearest('password', known)).toBeUndefined();
  });

  it('of images are a repository and a digest: a tag is none', () => {
    const image = { repositoryUri: 'host:5000/acme/orders', digest: `sha256:${'a'.repeat(64)}` } as const;
    expect(parseImage(formatImage(image))).toEqual(image);
    for (const text of [
      'host/acme/orders:1',
      'host/acme/orders',
      '@sha256:aa',
      `x@sha256:${'A'.repeat(64)}`,
    ]) {
      expect(parseImage(text)).toBeUndefined();
    }
  });

  it.each([
    ['host:5000/acme/orders:1.2', 'host:5000/acme/orders', '1.2'],
    ['nginx', 'nginx', 'latest'],
    ['public.ecr.aws/docker/library/nginx:1', 'public.ecr.aws/docker/library/nginx', '1'],
  ])('by tag, %s is in %s with the tag %s', (text, repositoryUri, tag) => {
    expect(parseTaggedImage(text)).toEqual({ repositoryUri, tag });
  });

  it.each([
    '',
    ':1',
    'a:',
    'a:b:c',
    'A/b:1',
    'a b',
    '<IMAGE1_NAME>',
    '${IMAGE}',
    `a@sha256:${'1'.repeat(64)}`,
  ])('and %j is none by tag', (text) => {
    expect(parseTaggedImage(text)).toBeUndefined();
  });

  it.each([
    ['000011112222.dkr.ecr.eu-west-1.amazonaws.com', false, true],
    ['000011112222.dkr-ecr.eu-west-1.on.aws', false, true],
    ['000011112222.dkr.ecr.eu-west-2.amazonaws.com', true, false],
    ['999911112222.dkr.ecr.eu-west-1.amazonaws.com', true, false],
    ['public.ecr.aws', true, false],
    ['127.0.0.1:5000', true, true],
    ['127.0.0.1:5000', false, false],
  ])('at %s (local: %s), are in our own registry: %s', (host, local, own) => {
    expect(isOwnRegistry(host, { account: '000011112222', region: 'eu-west-1' }, local)).toBe(own);
  });
});

test.each(PARTITION_NAMES)(
  '%s has its global region among its own, and every rule for regions takes it',
  (name) => {
    const { global } = PARTITIONS[name];
    expect(partitionOf(global)).toBe(name);
    expect(global).toMatch(REGION);
  },
);
describe('a digest in a table', () => {
  it('has twelve digits, wherever in the text it is, and anything else stays as it is', () => {
    const whole = `sha256:${'0123456789abcdef'.repeat(4)}`;
    expect(shortDigests(`acme/orders@${whole}, ${whole}`)).toBe(
      'acme/orders@sha256:0123456789ab, sha256:0123456789ab',
    );
    expect(shortDigests('sha256:0123, v1.0')).toBe('sha256:0123, v1.0');
  });
});
