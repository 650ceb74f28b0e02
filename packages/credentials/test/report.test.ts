import { describe, expect, it, test } from '@jest/globals';
import { DAY } from '@tenant-delivery/domain';
import fc from 'fast-check';
import type { ReportedCredential } from '../src/report/credentials.ts';
import type { JournalWord } from '../src/report/journal-word.ts';
import { judgeRow } from '../src/report/judge-row.ts';
import { outcomeOf, renderJson } from '../src/report/render-json.ts';
import { renderSarif } from '../src/report/render-sarif.ts';
import { renderSummary } from '../src/report/render-summary.ts';
import { reportCredentials } from '../src/report/report-credentials.ts';
import type { Report, Row } from '../src/report/row.ts';
import type { Sighting } from '../src/report/sighting.ts';
import { bearingOf } from '../src/report/states.ts';
import { START } from './iam-access-key/model-state.ts';
import { AGREED, type Holdings, journalOf, PLACE, people, reportWorld, whole } from './report-world.ts';

const ALL: readonly ReportedCredential[] = Object.values(AGREED);

async function reported(
  holdings: Holdings,
  { credentials = ALL, broken = [] as readonly string[] } = {},
): Promise<Report> {
  return reportCredentials({ ...PLACE, credentials }, reportWorld(holdings, START, broken));
}

const statesOf = ({ rows }: Report) => Object.fromEntries(rows.map(({ id, state }) => [id, state]));
const rowOf = ({ rows }: Report, id: string): Row | undefined => rows.find((row) => row.id === id);

describe('one row for each credential of every kind', () => {
  it.each([
    [10, 'ok', 'passes'],
    [62, 'due', 'warns'],
    [400, 'overdue', 'fails'],
  ] as const)('at %i days the access key is %s, and the run %s', async (age, state, outcome) => {
    const report = await reported(whole(age * DAY));
    expect(statesOf(report)['ci-legacy']).toBe(state);
    expect(outcomeOf(report)).toBe(outcome);
    expect(report.rows).toHaveLength(ALL.length);
  });

  it('says the age, the next date and who answers, and names what does without a key', async () => {
    const report = await reported(whole(10 * DAY));
    expect(rowOf(report, 'ci-legacy')).toMatchObject({
      owner: ['sre-gold'],
      consumers: ['github:acme/legacy:AWS_KEY', 'external:hq'],
      ageDays: 10,
      maxAgeDays: 60,
      nextDue: new Date(START + 50 * DAY).toISOString(),
      bornBy: 'IAM',
      replacement: expect.stringMatching(/OIDC.*Roles Anywhere.*task/),
    });
    expect(rowOf(report, 'hq-vpn')).toMatchObject({
      bornBy: 'the journal',
      rotation: { generation: 1, closedBy: 'rotation/hq-vpn/0001/0001.json' },
    });
  });

  it('calls a key eliminable that only jobs of GitHub use', async () => {
    const [jobs] = AGREED.key.consumers;
    const credentials = [{ ...AGREED.key, consumers: [jobs] }, ...ALL.filter(({ id }) => id !== 'ci-legacy')];
    const report = await reported(whole(10 * DAY), { credentials });
    expect(statesOf(report)['ci-legacy']).toBe('eliminable');
    expect(outcomeOf(report)).toBe('passes');
  });

  it('asks no consumer, no value, and of a young key its date alone', async () => {
    const world = reportWorld(whole(10 * DAY));
    await reportCredentials({ ...PLACE, credentials: [AGREED.key] }, world);
    expect(world.asked).not.toContain('GetAccessKeyLastUsed');
    expect(world.asked).not.toContain('LookupEvents');
  });
});

describe('what was not observed', () => {
  const QUESTIONS = [
    ['ListUsers', ['ci-legacy', 'users below td-rotatable/']],
    ['ListAccessKeys td-rotatable/acme-ci', ['ci-legacy']],
    ['list rotation/ci-legacy/', ['ci-legacy']],
    ['DescribeSecret td/prod/orders-db', ['orders-db']],
    ['ListSecretVersionIds td/prod/orders-db', ['orders-db']],
    ['DescribeSecret td/rotation/acme-ci', ['ci-legacy']],
    ['ListSecrets td/rotation/', ['secrets below td/rotation/']],
    ['DescribePullThroughCacheRules', ['hub', 'pull-through cache rules']],
    ['keys', ['docs', 'deploy keys of acme/docs']],
    ['read rotation/hq-vpn/0001/0001.json', ['hq-vpn']],
  ] as const;

  it.each(QUESTIONS)('is unknown, and fails the run: %s', async (question, ids) => {
    const report = await reported(whole(10 * DAY), { broken: [question] });
    const unknown = report.rows.filter(({ state }) => state === 'unknown').map(({ id }) => id);
    expect(unknown.toSorted()).toEqual([...ids].toSorted());
    expect(outcomeOf(report)).toBe('fails');
    expect(rowOf(report, ids[0])?.why).toContain('was denied');
  });

  it('is unknown where nobody keeps a date', async () => {
    const { journal: _, ...holdings } = whole(10 * DAY);
    expect(statesOf(await reported({ ...holdings, journal: {} }))['hq-vpn']).toBe('unknown');
  });

  it('is unknown where somebody tells a time that no calendar has', async () => {
    for (const putAt of [Number.NaN, 8e15, -1, Number.POSITIVE_INFINITY]) {
      const holdings = whole(10 * DAY);
      const secrets = { ...holdings.secrets, 'td/prod/orders-db': { putAt } };
      expect(statesOf(await reported({ ...holdings, secrets }))['orders-db']).toBe('unknown');
    }
  });

  it('is unknown where a journal is none', async () => {
    const journal = { 'rotation/ci-legacy/0001/0000.json': { schemaVersion: 1 } };
    expect(statesOf(await reported({ ...whole(DAY), journal }))['ci-legacy']).toBe('unknown');
  });
});

describe('what differs from the contract', () => {
  it('is missing where the contract names what is not there', async () => {
    const report = await reported({
      ...whole(10 * DAY),
      users: {},
      rules: [],
      deployKeys: { 'acme/docs': [] },
    });
    for (const id of ['ci-legacy', 'hub', 'docs'])
      expect(rowOf(report, id)).toMatchObject({ state: 'hold', finding: 'missing' });
  });

  it('is unmanaged where it is there, and is left to another environment by its tag', async () => {
    const holdings = whole(10 * DAY);
    const stray = {
      id: 7,
      title: 'td-rotation/docs-old/0001',
      createdAt: START,
      lastUsedAt: 'never',
      readOnly: false,
    } as const;
    const report = await reported({
      ...holdings,
      users: {
        ...holdings.users,
        'td-rotatable/forgotten': { keys: [] },
        'td-rotatable/staging-ci': { keys: [], tags: { environment: 'staging' } },
      },
      secrets: {
        ...holdings.secrets,
        'td/rotation/forgotten': { tags: { environment: 'prod' } },
        'ecr-pullthroughcache/old': {},
      },
      deployKeys: { 'acme/docs': [...(holdings.deployKeys['acme/docs'] ?? []), stray] },
    });
    expect(report.rows.filter(({ finding }) => finding === 'unmanaged').map(({ id }) => id)).toEqual([
      'deploy key 7 of acme/docs',
      'secret ecr-pullthroughcache/old',
      'secret td/rotation/forgotten',
      'user td-rotatable/forgotten',
    ]);
    expect([report.elsewhere, outcomeOf(report)]).toEqual([1, 'warns']);
  });

  it('is held: a second key that nobody knows, and a secret that is about to go', async () => {
    const holdings = whole(10 * DAY);
    const keys = ['AKIAONE', 'AKIATWO'].map(
      (id) => ({ id, status: 'Active', createdAt: START - DAY }) as const,
    );
    const report = await reported({
      ...holdings,
      users: { 'td-rotatable/acme-ci': { keys } },
      secrets: { ...holdings.secrets, 'td/prod/orders-db': { deletedAt: START } },
    });
    expect(rowOf(report, 'ci-legacy')).toMatchObject({
      state: 'hold',
      facts: expect.arrayContaining(['ROTATION_STRANGER']),
    });
    expect(rowOf(report, 'orders-db')).toMatchObject({ state: 'hold', facts: ['ROTATION_ESCROW'] });
  });

  it('is held: a rotation that has written nothing for longer than drain and grace may take', async () => {
    const open = (days: number) =>
      journalOf('orders-db', 3, [START - days * DAY, 'opened'], [START - days * DAY, 'proved']);
    const at = async (days: number) =>
      statesOf(
        await reported({ ...whole(10 * DAY), journal: { ...whole(10 * DAY).journal, ...open(days) } }),
      )['orders-db'];
    expect([await at(20), await at(29)]).toEqual(['in-progress', 'hold']);
  });
});

const sightings: fc.Arbitrary<Sighting> = fc.oneof(
  fc.record({
    kind: fc.constant('seen' as const),
    bornAt: fc.option(fc.integer({ min: START - 900 * DAY, max: START + DAY }), { nil: undefined }),
    by: fc.constant('IAM'),
  }),
  fc.constant({ kind: 'missing', said: 'gone' } as const),
  fc.constant({ kind: 'unknown', why: 'denied' } as const),
);
const words: fc.Arbitrary<JournalWord> = fc.oneof(
  fc.constant({ kind: 'none' } as const),
  fc.constant({ kind: 'unknown', why: 'denied' } as const),
  fc
    .record({
      kind: fc.constantFrom('open' as const, 'closed' as const),
      openedAt: fc.integer({ min: START - 90 * DAY, max: START }),
    })
    .map((one) => ({ ...one, generation: 2, lastAt: one.openedAt, entry: 'e', fact: {} })),
);

describe('for every credential, sighting and journal', () => {
  const judged = (credential: ReportedCredential, sighting: Sighting, journal: JournalWord, now: number) =>
    judgeRow(credential, sighting, journal, { owner: [], now });

  test('what is unknown, missing or held is never shown as well', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        sightings,
        words,
        fc.boolean(),
        (credential, seen, journal, held) => {
          const hold = { code: 'X', message: 'm', remedy: 'r', facts: [] };
          const sighting = held && seen.kind === 'seen' ? { ...seen, hold } : seen;
          const { state, remedy } = judged(credential, sighting, journal, START);
          const silent = sighting.kind === 'seen' && sighting.bornAt === undefined && journal.kind !== 'open';
          if (sighting.kind === 'unknown' || journal.kind === 'unknown') expect(state).toBe('unknown');
          else if (sighting.kind === 'missing' || 'hold' in sighting) expect(state).toBe('hold');
          else if (silent) expect(state).toBe('unknown');
          expect(remedy).not.toBe('');
        },
      ),
    );
  });

  test('age alone never makes it better', () => {
    const rank = { passes: 0, warns: 1, fails: 2 };
    const later = fc.integer({ min: 0, max: 900 * DAY });
    fc.assert(
      fc.property(
        fc.constantFrom(...ALL),
        sightings,
        words,
        later,
        later,
        (credential, seen, journal, a, b) => {
          const old = (age: number) => {
            const sighting = seen.kind === 'seen' ? { ...seen, bornAt: START - age } : seen;
            return rank[bearingOf(judged(credential, sighting, journal, START).state)];
          };
          expect(old(Math.max(a, b))).toBeGreaterThanOrEqual(old(Math.min(a, b)));
        },
      ),
    );
  });
});

describe('renderings', () => {
  const HOSTILE = '](https://evil) @everyone <img src=x> |\n## ok \u2028::error::owned ../../x';

  test('nothing that others wrote becomes a link, a mention, a heading or a path', async () => {
    const key = { id: 9, title: HOSTILE, createdAt: START, lastUsedAt: 'never', readOnly: true } as const;
    const broken = `ListAccessKeys td-rotatable/${HOSTILE}`;
    const report = await reported(
      {
        ...whole(400 * DAY),
        users: { [`td-rotatable/${HOSTILE}`]: { keys: [] } },
        deployKeys: { 'acme/docs': [key] },
      },
      {
        credentials: [
          ...ALL,
          { ...AGREED.key, id: 'evil', user: `td-rotatable/${HOSTILE}`, consumers: [people] },
        ],
        broken: [broken],
      },
    );
    const summary = renderSummary(report, 'credentials.json');
    expect(summary).not.toMatch(/https:\/\/evil|[^\\]\]\(|@everyone|<img|\n## ok/);
    const { results } = JSON.parse(renderSarif(report)).runs[0];
    for (const { message, locations } of results) {
      expect(message.text).not.toMatch(/[\n\r]|[^\\]\]\(/);
      expect(locations[0].physicalLocation.artifactLocation.uri).toMatch(
        /^credentials\/acme\/prod\/[\w%.!~*'()/-]+$/,
      );
    }
    expect(JSON.parse(renderJson(report))).toMatchObject({ schemaVersion: 1, outcome: 'fails' });
  });

  test('an alert stays the same one as a credential grows older, and one that is well is none', async () => {
    const of = async (days: number) =>
      JSON.parse(renderSarif(await reported(whole(days * DAY)))).runs[0].results.map(
        (result: { readonly partialFingerprints: object; readonly ruleId: string }) => [
          result.ruleId,
          result.partialFingerprints,
        ],
      );
    expect(await of(10)).toEqual([]);
    expect(await of(400)).toEqual(await of(410));
  });

  test('what does not fit into a summary is told, and is in the document', async () => {
    const many = Array.from({ length: 3_000 }, (_, n) => ({
      ...AGREED.secret,
      id: `db-${n}`,
      secret: `td/prod/db-${n}`,
    }));
    const report = await reported(whole(10 * DAY), { credentials: many });
    const summary = renderSummary(report, 'credentials.json');
    expect(summary.length).toBeLessThan(1_000_000);
    expect(summary).toMatch(/\d+ more in `credentials\.json`/);
    expect(JSON.parse(renderJson(report)).credentials.length).toBeGreaterThan(3_000);
  });
});
