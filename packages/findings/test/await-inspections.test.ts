import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { awaitInspections } from '../src/await-inspections.ts';
import type { BasicRow } from '../src/basic-row.ts';
import type { Coverage } from '../src/coverage.ts';
import { policyOf } from '../src/effective-policy.ts';
import type { EnhancedRow } from '../src/enhanced-row.ts';
import type { InspectedChild } from '../src/inspected-child.ts';
import { meetPolicies } from '../src/meet-policies.ts';
import { mergeFindings } from '../src/merge.ts';
import type { Inspections, ScanMode } from '../src/ports.ts';
import { readPages, type ScanPage } from '../src/scan-pages.ts';
import { judgeImage } from '../src/verdict.ts';
import { enhancedPages, enhancedRow } from './an-inspection.ts';
import { aWaiver, TERMS } from './policies.ts';

const START = Date.UTC(2026, 10, 24, 9, 0, 0);
const CHILD = { platform: 'linux/amd64', digest: `sha256:${'a'.repeat(64)}` } as const;
const STORED = { pushedAt: START, children: [CHILD] };
const CONTINUOUS: ScanMode = { type: 'enhanced', frequency: 'CONTINUOUS_SCAN' };
const COVERED: Coverage = {
  kind: 'known',
  status: 'ACTIVE',
  reason: 'SUCCESSFUL',
  lastScannedAt: START + 4_000,
};

interface Given {
  /** What each look sees, the last one for ever. */
  readonly looks: readonly (readonly ScanPage[])[];
  readonly mode?: ScanMode;
  readonly coverage?: Coverage;
  readonly minutes?: number;
  /** Milliseconds from the push to the first look. */
  readonly later?: number;
  /** Milliseconds that AWS's clock is ahead of the runner's; AWS does not tell the time where absent. */
  readonly awsAhead?: number;
}

async function waited({
  looks,
  mode = CONTINUOUS,
  coverage = COVERED,
  minutes = 15,
  later = 0,
  awsAhead,
}: Given) {
  const begun = START + later;
  let now = begun;
  let asked = 0;
  const sleeps: number[] = [];
  const log: string[] = [];
  const inspections: Inspections = {
    mode: async () => mode,
    image: async () => STORED,
    inspect: async (_, { platform }) => {
      const pages = looks[Math.min(asked, looks.length - 1)] ?? [];
      asked += 1;
      if (looks.length === 0) return { reply: { status: 'SCAN_NOT_FOUND', listed: 0 }, findings: [] };
      const { reply, findings } = readPages(pages, platform);
      return { reply: { ...reply, ...(awsAhead !== undefined && { askedAt: now + awsAhead }) }, findings };
    },
    start: async () => {
      if (mode.type === 'enhanced') throw new Error('enhanced scanning cannot be started');
      return 'unsupported';
    },
    coverage: async () => coverage,
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number) => {
      sleeps.push(milliseconds);
      now += milliseconds;
    },
  };
  const options = {
    clock,
    deadline: begun + minutes * 60_000,
    log: (line: string) => log.push(line),
    random: () => 1,
  };
  const [child] = await awaitInspections(inspections, 'acme/orders', STORED, options);
  if (!child) throw new Error('no child came back');
  return { child, sleeps, log, asked, took: now - begun };
}

describe('waiting for an inspection', () => {
  const clean = enhancedPages([], 10);
  const found = enhancedPages([enhancedRow('CVE-2026-1', 'CRITICAL', ['openssl'])], 10);

  it('is not over with a first clean answer: what comes seconds later counts', async () => {
    const { child } = await waited({ looks: [clean, found] });
    expect(child).toMatchObject({ scan: 'ACTIVE', findings: [{ vulnerability: 'CVE-2026-1' }] });
    expect(child.unproven).toBeUndefined();
  });

  it('looks twice at what is finished, and no oftener', async () => {
    const { asked, took, child } = await waited({ looks: [found] });
    expect(child.unproven).toBeUndefined();
    expect([asked, took]).toEqual([2, 10_000]);
  });

  it('looks once at what was finished before, and waits nothing', async () => {
    const { asked, took, child } = await waited({ looks: [found], later: 60_000, awsAhead: 0 });
    expect(child.unproven).toBeUndefined();
    expect([asked, took]).toEqual([1, 0]);
  });

  it('waits only what is left of the ten seconds since the scan was over, with its own second', async () => {
    const { asked, took, child } = await waited({ looks: [found], later: 9_000, awsAhead: 0 });
    expect(child.unproven).toBeUndefined();
    expect([asked, took]).toEqual([2, 7_000]);
  });

  it('does not take a scan for older because the clock of the runner is fast', async () => {
    const { took } = await waited({ looks: [found], later: 3_600_000, awsAhead: -3_594_000 });
    expect(took).toBe(10_000);
  });

  it('waits no longer than ten seconds because the clock of the runner is slow', async () => {
    const { took } = await waited({ looks: [found], later: -3_600_000, awsAhead: 3_600_000 });
    expect(took).toBe(10_000);
  });

  it('asks ever less often, from 3 to 20 seconds, and gives up at its deadline, not later', async () => {
    const { child, sleeps, took } = await waited({
      looks: [[{ imageScanStatus: { status: 'PENDING' } }]],
      minutes: 2,
    });
    expect(child.unproven).toBe('time ran out while the registry says PENDING');
    expect(took).toBe(120_000);
    expect(sleeps.slice(0, 3)).toEqual([3_600, 5_400, 8_100]);
    expect(Math.max(...sleeps)).toBe(20_000);
  });

  it('says that it waits longer, and why, where ListCoverage may not be asked', async () => {
    const { log, took, child } = await waited({ looks: [clean], coverage: { kind: 'not-permitted' } });
    expect(child.unproven).toBeUndefined();
    expect(took).toBeGreaterThanOrEqual(60_000);
    expect(log.join('\n')).toContain('60 seconds, because inspector2:ListCoverage may not be asked');
  });

  it('ends when the registry says that it will never inspect such an image', async () => {
    const { child, asked } = await waited({ looks: [], mode: { type: 'basic', frequency: 'SCAN_ON_PUSH' } });
    expect(child.unproven).toContain('cannot inspect this kind of image');
    expect(asked).toBe(1);
  });

  it('does not begin for a repository that nothing scans', async () => {
    const { child, asked } = await waited({
      looks: [clean],
      mode: { type: 'enhanced', frequency: 'MANUAL' },
    });
    expect(child.unproven).toContain('nothing scans this repository');
    expect(asked).toBe(0);
  });
});

/** A policy that asks for more than counts. What is unknown is let off, so that it must be told. */
const POLICY = {
  ...policyOf(
    meetPolicies(
      {
        critical: 0,
        high: { fixableOnly: true, maxCount: 1 },
        medium: { graceDays: 3 },
        low: 3,
        informational: 3,
        unknown: 'unlimited',
        overrides: { exploitAvailable: 'block' },
        waivers: TERMS,
      },
      undefined,
    ).policy,
  ),
  waivers: [aWaiver({ id: 'CVE-2026-0', package: 'pkg:deb/package-0' })],
};

/** The whole image: a child that was changed on its way, and perhaps one beside it that was not. */
function allows(...children: readonly InspectedChild[]): boolean {
  const place = { repository: 'acme/orders', now: Date.UTC(2026, 10, 24) };
  return judgeImage(children, POLICY, place).decision === 'allow';
}

const words = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED'];
const SEEN = Date.UTC(2026, 10, 23); // a day ago, inside the grace
const rows: fc.Arbitrary<readonly EnhancedRow[]> = fc
  .array(
    fc.record({
      severity: fc.constantFrom(...words),
      packages: fc.integer({ min: 1, max: 3 }),
      fix: fc.constantFrom('YES', 'NO', 'PARTIAL'),
      daysAgo: fc.nat(6),
      exploitAvailable: fc.constantFrom('YES', 'NO', 'NO', 'NO'),
    }),
    { maxLength: 8 },
  )
  .map((drawn) =>
    drawn.map(({ severity, packages, fix, daysAgo, exploitAvailable }, n) => {
      const names = Array.from({ length: packages }, (_, i) => `package-${i}`);
      const firstObservedAt = new Date(SEEN - daysAgo * 86_400_000);
      return {
        ...mended(enhancedRow(`CVE-2026-${n}`, severity, names), fix),
        firstObservedAt,
        exploitAvailable,
      };
    }),
  );

/** PARTIAL: some of its packages, the first among them. */
function mended(row: EnhancedRow, fixAvailable: string): EnhancedRow {
  const about = row.packageVulnerabilityDetails;
  const version = (n: number) =>
    fixAvailable === 'YES' || (fixAvailable === 'PARTIAL' && n === 0) ? '3.0.15' : 'NotAvailable';
  return {
    ...row,
    fixAvailable,
    ...(about && {
      packageVulnerabilityDetails: {
        ...about,
        vulnerablePackages: (about.vulnerablePackages ?? []).map((one, n) => ({
          ...one,
          fixedInVersion: version(n),
        })),
      },
    }),
  };
}

/** Another platform has some of the same vulnerabilities, each seen there for the first time a day ago. */
function beside(rows: readonly EnhancedRow[]): readonly EnhancedRow[] {
  return rows.map((row) => ({ ...row, firstObservedAt: new Date(SEEN), exploitAvailable: 'NO' }));
}

type Mutation = (pages: readonly ScanPage[], at: number) => readonly ScanPage[];
type Writable = Record<string, unknown>;

/** Changes one row, wherever it lies; the page is a copy. */
function onRow(change: (row: Writable) => void): Mutation {
  return (pages, at) => {
    const copy = structuredClone(pages);
    const all = copy.flatMap(({ imageScanFindings }) => imageScanFindings?.enhancedFindings ?? []);
    const row = all[at % Math.max(1, all.length)];
    if (row) change(row as Writable); // a copy of ours
    return copy;
  };
}

function onPage(change: (findings: Writable, page: Writable, at: number) => void): Mutation {
  return (pages, at) => {
    const copy = structuredClone(pages);
    const page = copy[at % copy.length];
    if (page?.imageScanFindings) change(page.imageScanFindings as Writable, page as Writable, at); // copies of ours
    return copy;
  };
}

const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'drops a page': (pages, at) => pages.toSpliced(at % pages.length, 1),
  'drops the last page': (pages) => pages.slice(0, -1),
  'gives a page twice': (pages, at) =>
    pages.toSpliced(at % pages.length, 0, ...pages.slice(at % pages.length).slice(0, 1)),
  'gives the pages in another order': (pages) => pages.toReversed(),
  'breaks off after the first page': (pages) => pages.slice(0, 1),
  'forgets what comes next': onPage((_, page) => delete page['nextToken']),
  'gives the rows in another order': onPage((findings) => {
    findings['enhancedFindings'] = ((findings['enhancedFindings'] as EnhancedRow[]) ?? []).toReversed();
  }),
  'drops whether a fix is there': onRow((row) => delete row['fixAvailable']),
  'drops the version that mends it': onRow((row) => {
    const { vulnerablePackages } = row['packageVulnerabilityDetails'] as { vulnerablePackages: Writable[] };
    for (const one of vulnerablePackages) delete one['fixedInVersion'];
  }),
  'drops when it was seen first': onRow((row) => delete row['firstObservedAt']),
  'drops whether it is exploited': onRow((row) => delete row['exploitAvailable']),
  'drops a row': onPage((findings, _, at) => {
    const list = (findings['enhancedFindings'] as EnhancedRow[]) ?? [];
    findings['enhancedFindings'] = list.toSpliced(at % Math.max(1, list.length), 1);
  }),
  'gives a row twice': onPage((findings) => {
    const list = (findings['enhancedFindings'] as EnhancedRow[]) ?? [];
    findings['enhancedFindings'] = [...list, ...list.slice(0, 1)];
  }),
  'drops the list': onPage((findings) => delete findings['enhancedFindings']),
  'drops the findings': onPage((_, page) => delete page['imageScanFindings']),
  'drops the counts': onPage((findings) => delete findings['findingSeverityCounts']),
  'empties the counts': onPage((findings) => {
    findings['findingSeverityCounts'] = {};
  }),
  'drops the status': onPage((_, page) => delete page['imageScanStatus']),
  'says a status that nobody knows': onPage((_, page) => {
    page['imageScanStatus'] = { status: 'RESTING' };
  }),
  'says a severity that nobody knows': onRow((row) => {
    row['severity'] = 'GRUESOME';
  }),
  'drops a severity': onRow((row) => delete row['severity']),
  'drops the type': onRow((row) => delete row['type']),
  'says a type that nobody knows': onRow((row) => {
    row['type'] = 'ASTROLOGY';
  }),
  'drops what a row is about': onRow((row) => delete row['packageVulnerabilityDetails']),
  'drops the vulnerability': onRow(
    (row) => delete (row['packageVulnerabilityDetails'] as Writable)['vulnerabilityId'],
  ),
  'drops the packages': onRow(
    (row) => delete (row['packageVulnerabilityDetails'] as Writable)['vulnerablePackages'],
  ),
  'drops a package name': onRow((row) => {
    const [first] = (row['packageVulnerabilityDetails'] as { vulnerablePackages: Writable[] })
      .vulnerablePackages;
    delete first?.['name'];
  }),
  'closes a row': onRow((row) => {
    row['status'] = 'CLOSED';
  }),
  'moves the rows to the list of basic scanning': onPage((findings) => {
    findings['findings'] = ((findings['enhancedFindings'] as EnhancedRow[]) ?? []).map((row) => ({
      name: row.title,
      severity: row.severity,
    }));
    delete findings['enhancedFindings'];
  }),
  'adds a row of basic scanning': onPage((findings) => {
    findings['findings'] = [{ name: 'CVE-2020-1', severity: 'LOW' }];
  }),
};

const basicRows: fc.Arbitrary<readonly BasicRow[]> = fc
  .array(fc.record({ severity: fc.constantFrom(...words), mended: fc.boolean() }), { maxLength: 8 })
  .map((drawn) =>
    drawn.map(({ severity, mended }, n) => ({
      name: `CVE-2026-${100 + n}`,
      uri: `https://security-tracker.debian.org/tracker/CVE-2026-${100 + n}`,
      severity,
      attributes: [
        { key: 'package_name', value: 'openssl' },
        { key: 'package_version', value: '3.0.9' },
        ...(mended ? [{ key: 'fixed_in_version', value: '3.0.15' }] : []),
      ],
    })),
  );

function basicPages(rows: readonly BasicRow[], size: number): readonly ScanPage[] {
  return enhancedPages(rows, size).map(({ imageScanFindings, nextToken }, page) => {
    const { enhancedFindings: _, ...head } = imageScanFindings ?? {};
    return {
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: { ...head, findings: rows.slice(page * size, (page + 1) * size) },
      nextToken,
    };
  });
}

const onList = (change: (rows: readonly BasicRow[], at: number) => readonly BasicRow[]): Mutation =>
  onPage((findings, _, at) => {
    findings['findings'] = change((findings['findings'] as BasicRow[]) ?? [], at);
  });
const onFirst = (change: (row: Writable) => void): Mutation =>
  onList(([first, ...others]) => {
    if (first) change(first as Writable); // a copy of ours
    return first ? [first, ...others] : others;
  });

const BASIC_MUTATIONS: Readonly<Record<string, Mutation>> = {
  ...Object.fromEntries(
    Object.entries(MUTATIONS).filter(([name]) =>
      /page|what comes next|counts|status|the findings/.test(name),
    ),
  ),
  'drops a row': onList((rows, at) => rows.toSpliced(at % Math.max(1, rows.length), 1)),
  'gives a row twice': onList((rows) => [...rows, ...rows.slice(0, 1)]),
  'gives the rows in another order': onList((rows) => rows.toReversed()),
  'drops the list': onPage((findings) => delete findings['findings']),
  'drops when it was over': (pages) =>
    pages.map(({ imageScanFindings, ...page }) => ({
      ...page,
      imageScanFindings: { ...imageScanFindings, imageScanCompletedAt: undefined },
    })),
  'drops a severity': onFirst((row) => delete row['severity']),
  'says a severity that nobody knows': onFirst((row) => {
    row['severity'] = 'UNDEFINED';
  }),
  'drops what a row is about': onFirst((row) => delete row['attributes']),
  'drops the vulnerability': onFirst((row) => delete row['name']),
  'drops the page about it': onFirst((row) => delete row['uri']),
  'adds a row of enhanced scanning': onPage((findings) => {
    findings['enhancedFindings'] = [enhancedRow('CVE-2020-1', 'LOW', ['a'])];
  }),
};

describe('an answer that was changed on its way', () => {
  it.each(Object.entries(MUTATIONS))(
    'that %s never lets an image pass that the whole one stops',
    async (_, mutate) => {
      await fc.assert(
        fc.asyncProperty(
          rows,
          fc.integer({ min: 1, max: 4 }),
          fc.nat(9),
          fc.boolean(),
          async (some, size, at, alone) => {
            const truth = enhancedPages(some, size);
            const others = alone ? [] : [(await waited({ looks: [enhancedPages(beside(some), 9)] })).child];
            const whole = await waited({ looks: [truth] });
            const changed = await waited({ looks: [mutate(truth, at)] });
            return allows(whole.child, ...others) || !allows(changed.child, ...others);
          },
        ),
        { numRuns: 40 },
      );
    },
  );

  it.each(Object.entries(BASIC_MUTATIONS))('of basic scanning that %s does not either', async (_, mutate) => {
    const mode = { type: 'basic', frequency: 'SCAN_ON_PUSH' } as const;
    await fc.assert(
      fc.asyncProperty(basicRows, fc.integer({ min: 1, max: 4 }), fc.nat(9), async (some, size, at) => {
        const truth = basicPages(some, size);
        const whole = await waited({ looks: [truth], mode });
        const changed = await waited({ looks: [mutate(truth, at)], mode });
        return allows(whole.child) || !allows(changed.child);
      }),
      { numRuns: 40 },
    );
  });

  it('has the same findings in whatever pages and order they come, and however often they are looked at', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        async (some, one, other) => {
          const [a, b] = [
            await waited({ looks: [enhancedPages(some, one)] }),
            await waited({ looks: [enhancedPages(some.toReversed(), other)] }),
          ];
          expect(mergeFindings(a.child.findings)).toEqual(mergeFindings(b.child.findings));
        },
      ),
      { numRuns: 30 },
    );
  });
});
