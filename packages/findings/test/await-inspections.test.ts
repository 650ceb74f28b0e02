import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EnhancedRow } from '../src/enhanced-row.ts';
import {
  awaitInspections,
  type Coverage,
  type InspectedChild,
  type Inspections,
  judgeImage,
  meetPolicies,
  mergeFindings,
  policyOf,
  readPages,
  type ScanMode,
  type ScanPage,
} from '../src/index.ts';
import { enhancedPages, enhancedRow } from './an-inspection.ts';

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
}

async function waited({ looks, mode = CONTINUOUS, coverage = COVERED, minutes = 15 }: Given) {
  let now = START;
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
      return readPages(pages, platform);
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
    deadline: START + minutes * 60_000,
    log: (line: string) => log.push(line),
    random: () => 1,
  };
  const [child] = await awaitInspections(inspections, 'acme/orders', STORED, options);
  if (!child) throw new Error('no child came back');
  return { child, sleeps, log, asked, took: now - START };
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
const POLICY = policyOf(
  meetPolicies(
    {
      critical: 0,
      high: { fixableOnly: true, maxCount: 1 },
      medium: { graceDays: 3, maxCount: 2 },
      low: 3,
      informational: 3,
      unknown: 'unlimited',
      overrides: { exploitAvailable: 'block' },
    },
    undefined,
  ).policy,
);

function allows(child: InspectedChild): boolean {
  const place = { repository: 'acme/orders', now: Date.UTC(2026, 10, 24) };
  return judgeImage([child], POLICY, place).decision === 'allow';
}

const words = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNTRIAGED'];
const rows: fc.Arbitrary<readonly EnhancedRow[]> = fc
  .array(
    fc.record({
      severity: fc.constantFrom(...words),
      packages: fc.integer({ min: 1, max: 3 }),
      mended: fc.boolean(),
    }),
    { maxLength: 8 },
  )
  .map((drawn) =>
    drawn.map(({ severity, packages, mended }, n) => {
      const names = Array.from({ length: packages }, (_, i) => `package-${i}`);
      return fixable(enhancedRow(`CVE-2026-${n}`, severity, names), mended);
    }),
  );

function fixable(row: EnhancedRow, mended: boolean): EnhancedRow {
  const about = row.packageVulnerabilityDetails;
  const fixedInVersion = mended ? '3.0.15' : 'NotAvailable';
  return {
    ...row,
    fixAvailable: mended ? 'YES' : 'NO',
    ...(about && {
      packageVulnerabilityDetails: {
        ...about,
        vulnerablePackages: (about.vulnerablePackages ?? []).map((one) => ({ ...one, fixedInVersion })),
      },
    }),
  };
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

describe('an answer that was changed on its way', () => {
  it.each(Object.entries(MUTATIONS))(
    'that %s never lets an image pass that the whole one stops',
    async (_, mutate) => {
      await fc.assert(
        fc.asyncProperty(rows, fc.integer({ min: 1, max: 4 }), fc.nat(9), async (some, size, at) => {
          const truth = enhancedPages(some, size);
          const whole = await waited({ looks: [truth] });
          const changed = await waited({ looks: [mutate(truth, at)] });
          return allows(whole.child) || !allows(changed.child);
        }),
        { numRuns: 40 },
      );
    },
  );

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
