import { describe, expect, it } from '@jest/globals';
import { rowKey } from '../src/exploitation.ts';
import { mergeFindings } from '../src/merge.ts';
import { purlOf } from '../src/purl.ts';
import { readPages, type ScanPage } from '../src/scan-pages.ts';
import { severityBy } from '../src/severity.ts';
import { enhancedPages, enhancedRow } from './an-inspection.ts';

const of = (rows: Parameters<typeof enhancedPages>[0], platform = 'linux/amd64') =>
  readPages(enhancedPages(rows, 100), platform).findings;

describe('a row of enhanced scanning', () => {
  it('becomes a finding for each of its packages, each with a fix of its own', () => {
    const row = enhancedRow('CVE-2026-1', 'HIGH', ['libssl3', 'openssl']);
    const [first, second] = row.packageVulnerabilityDetails?.vulnerablePackages ?? [];
    const mended = {
      ...row.packageVulnerabilityDetails,
      vulnerablePackages: [first ?? {}, { ...second, fixedInVersion: '0:3.0.15-1' }],
    };
    const findings = of([{ ...row, packageVulnerabilityDetails: mended }]);
    expect(findings.map(({ package: name, fixedIn }) => [name, fixedIn])).toEqual([
      ['libssl3', undefined],
      ['openssl', '0:3.0.15-1'],
    ]);
    expect(findings[1]).toEqual({
      vulnerability: 'CVE-2026-1',
      severity: 'high',
      saidSeverity: 'HIGH',
      package: 'openssl',
      version: '3.0.9-1',
      fixedIn: '0:3.0.15-1',
      uri: 'https://security-tracker.debian.org/tracker/CVE-2026-1',
      platforms: ['linux/amd64'],
      purl: 'pkg:deb/debian/openssl@3.0.9-1',
      layer: 'sha256:1a',
      aliases: ['GHSA-aaaa-bbbb-cccc'],
      vendorSeverity: 'not yet assigned',
      cvss: {
        score: 7.5,
        version: '3.1',
        source: 'Inspector',
        vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N',
      },
      exploit: 'no',
      firstObservedAt: '2026-11-20T08:00:00.000Z',
      vendorCreatedAt: '2026-11-19T00:00:00.000Z',
      findingArns: ['arn:aws:inspector2:eu-west-1:000011112222:finding/CVE-2026-1'],
    });
  });

  it('that was suppressed is kept and says so; one that is closed is dropped, and not counted either', () => {
    const [suppressed, closed] = ['SUPPRESSED', 'CLOSED'].map((status) => ({
      ...enhancedRow('CVE-2026-2', 'LOW', ['a']),
      status,
    }));
    expect(of([suppressed ?? {}])).toMatchObject([{ vulnerability: 'CVE-2026-2', suppressed: true }]);
    const pages = enhancedPages([enhancedRow('CVE-2026-1', 'LOW', ['a'])], 10);
    const rows = pages[0]?.imageScanFindings?.enhancedFindings ?? [];
    const withClosed = {
      ...pages[0],
      imageScanFindings: { ...pages[0]?.imageScanFindings, enhancedFindings: [...rows, closed ?? {}] },
    };
    expect(readPages([withClosed], 'x')).toMatchObject({
      reply: { listed: 1, counted: 1 },
      findings: [{ vulnerability: 'CVE-2026-1' }],
    });
  });

  it('that says of some of its packages that they are mended, and of one nothing, may be mended there', () => {
    const row = enhancedRow('CVE-2026-1', 'HIGH', ['openssl', 'libssl3']);
    const about = row.packageVulnerabilityDetails;
    const [first, second] = about?.vulnerablePackages ?? [];
    const { fixedInVersion: _, ...silent } = second ?? {};
    const vulnerablePackages = [{ ...first, fixedInVersion: 'not_available' }, silent];
    const partial = {
      ...row,
      fixAvailable: 'PARTIAL',
      packageVulnerabilityDetails: { ...about, vulnerablePackages },
    };
    expect(of([partial]).map(({ fixUnnamed }) => fixUnnamed)).toEqual([undefined, 'said']);
  });

  it('about something else than a package is an unknown kind of finding, and does not crash', () => {
    const { packageVulnerabilityDetails: _, ...row } = enhancedRow('CVE-2026-3', 'LOW', []);
    expect(of([{ ...row, type: 'CODE_VULNERABILITY' }])).toMatchObject([
      { severity: 'unknown', unknownKind: 'CODE_VULNERABILITY' },
    ]);
    expect(
      of(
        [
          { ...row, type: 'CODE_VULNERABILITY' },
          { ...row, type: 'CODE_VULNERABILITY', findingArn: 'other' },
        ].flatMap((one) => [one]),
      ),
    ).toHaveLength(2);
  });
});

describe('the rows of several platforms', () => {
  it('are one, at the worst severity, seen when it was first seen, mendable where any is', () => {
    const early = {
      ...enhancedRow('CVE-2026-1', 'HIGH', ['openssl']),
      firstObservedAt: new Date('2026-11-01T00:00:00Z'),
    };
    const late = {
      ...enhancedRow('CVE-2026-1', 'LOW', ['openssl']),
      findingArn: 'arn:arm',
      exploitAvailable: 'YES',
      status: 'SUPPRESSED',
    };
    const parts = [...of([late], 'linux/arm64'), ...of([early], 'linux/amd64')];
    const merged = mergeFindings(parts);
    expect(merged).toEqual(mergeFindings(parts.toReversed()));
    expect(merged).toMatchObject([
      {
        severity: 'high',
        platforms: ['linux/amd64', 'linux/arm64'],
        firstObservedAt: '2026-11-01T00:00:00.000Z',
        exploit: 'yes',
        findingArns: ['arn:arm', 'arn:aws:inspector2:eu-west-1:000011112222:finding/CVE-2026-1'],
      },
    ]);
    expect(merged[0]?.suppressed).toBeUndefined();
  });

  it('are of an age and an exploitation that nobody knows where one of them does not say it', () => {
    const said = enhancedRow('CVE-2026-1', 'HIGH', ['openssl']);
    const { firstObservedAt: _, exploitAvailable: __, ...silent } = said;
    const parts = [...of([said], 'linux/amd64'), ...of([silent], 'linux/arm64')];
    for (const order of [parts, parts.toReversed()]) {
      const [merged] = mergeFindings(order);
      expect(merged).not.toHaveProperty('firstObservedAt');
      expect(merged).not.toHaveProperty('exploit');
    }
  });

  it('stay apart where one is of unknown severity, which no known one is worse than or milder', () => {
    const rows = ['HIGH', 'UNTRIAGED', 'LOW'].map((severity) =>
      enhancedRow('CVE-2026-1', severity, ['openssl']),
    );
    const merged = mergeFindings(rows.flatMap((row, n) => of([row], `platform ${n}`)));
    expect(merged.map(({ severity, platforms }) => [severity, platforms])).toEqual([
      ['high', ['platform 0', 'platform 2']],
      ['unknown', ['platform 1']],
    ]);
    expect(new Set(merged.map(rowKey)).size).toBe(2);
  });

  it('stay apart when they lie in different files', () => {
    const at = (filePath: string) => {
      const row = enhancedRow('CVE-2026-1', 'HIGH', ['lodash']);
      const packages = [{ name: 'lodash', version: '4.17.20', packageManager: 'NODEPKG', filePath }];
      return {
        ...row,
        packageVulnerabilityDetails: { ...row.packageVulnerabilityDetails, vulnerablePackages: packages },
      };
    };
    expect(
      mergeFindings(of([at('a/package.json'), at('b/package.json')])).map(({ filePath }) => filePath),
    ).toEqual(['a/package.json', 'b/package.json']);
  });
});

describe('a row of basic scanning', () => {
  it('keeps what it says, with the fix that it names and a package URL from the page that it links to', () => {
    const page: ScanPage = {
      imageScanStatus: { status: 'COMPLETE' },
      imageScanFindings: {
        findingSeverityCounts: { UNDEFINED: 1 },
        findings: [
          {
            name: 'CVE-2026-4',
            severity: 'UNDEFINED',
            uri: 'https://security-tracker.debian.org/tracker/CVE-2026-4',
            attributes: [
              { key: 'package_name', value: 'openssl' },
              { key: 'package_version', value: '3.0.9-1' },
              { key: 'fixed_in_version', value: 'NOTAVAILABLE' },
              { key: 'CVSS2_SCORE', value: '9.8' },
              { key: 'CVSS3_SCORE', value: '7.5' },
            ],
          },
        ],
      },
    };
    expect(readPages([page], 'linux/amd64')).toEqual({
      reply: expect.objectContaining({ listed: 1, counted: 1, kind: 'basic' }),
      findings: [
        {
          vulnerability: 'CVE-2026-4',
          severity: 'unknown',
          saidSeverity: 'UNDEFINED',
          package: 'openssl',
          version: '3.0.9-1',
          uri: 'https://security-tracker.debian.org/tracker/CVE-2026-4',
          platforms: ['linux/amd64'],
          purl: 'pkg:deb/debian/openssl@3.0.9-1',
          cvss: { score: 7.5, version: '3.0', source: 'registry' },
        },
      ],
    });
  });
});

it.each([
  [
    { manager: 'OS', name: 'zlib1g', version: '1.2.13', release: '1', epoch: 1, system: 'DEBIAN_12' },
    'pkg:deb/debian/zlib1g@1:1.2.13-1',
  ],
  [
    {
      manager: 'OS',
      name: 'openssl-libs',
      version: '3.0.8',
      release: '1.amzn2023',
      epoch: 1,
      system: 'AMAZON_LINUX_2023',
    },
    'pkg:rpm/amazon/openssl-libs@3.0.8-1.amzn2023?epoch=1',
  ],
  [
    { manager: 'OS', name: 'busybox', version: '1.36.1', release: 'r2', system: 'ALPINE_LINUX_3_18' },
    'pkg:apk/alpine/busybox@1.36.1-r2',
  ],
  [{ manager: 'OS', name: 'libc++', version: '1', system: 'HAIKU' }, 'pkg:generic/libc%2B%2B@1'],
  [{ manager: 'NODEPKG', name: '@babel/core', version: '7.0.0' }, 'pkg:npm/%40babel/core@7.0.0'],
  [{ manager: 'PYTHONPKG', name: 'Ruamel_Yaml', version: '1.0' }, 'pkg:pypi/ruamel-yaml@1.0'],
  [
    { manager: 'JAR', name: 'org.apache.logging.log4j:log4j-core', version: '2.14.1' },
    'pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1',
  ],
  [
    { manager: 'GOBINARY', name: 'golang.org/x/net', version: 'v0.1.0' },
    'pkg:golang/golang.org/x/net@v0.1.0',
  ],
  [{ manager: 'SOMETHING_NEW', name: 'x', version: '1' }, 'pkg:generic/x@1'],
  [{ manager: 'NPM', name: 'x\ud800', version: '1\udfff' }, 'pkg:npm/x%EF%BF%BD@1%EF%BF%BD'],
])('%j is named %s', (named, purl) => {
  expect(purlOf(named)).toBe(purl);
});

it.each([
  ['inspector', 'LOW', 'important', 'low'],
  ['vendor', 'LOW', 'important', 'high'],
  ['vendor', 'LOW', 'not yet assigned', 'unknown'],
  ['vendor', 'LOW', undefined, 'unknown'],
  ['max', 'LOW', 'important', 'high'],
  ['max', 'CRITICAL', 'unimportant', 'critical'],
  ['max', 'LOW', undefined, 'low'],
] as const)(
  'by %s, %s of the registry and %s of the vendor is %s',
  (source, saidSeverity, vendorSeverity, severity) => {
    expect(severityBy(source, { saidSeverity, ...(vendorSeverity && { vendorSeverity }) })).toBe(severity);
  },
);

it('a list whose last page names another one is no evidence, also where its counts agree', () => {
  const pages = enhancedPages([enhancedRow('CVE-2026-1', 'LOW', ['a'])], 1);
  expect(readPages(pages, 'linux/amd64').reply.torn).toBeUndefined();
  const open = pages.map((page) => ({ ...page, nextToken: 'more' }));
  expect(readPages(open, 'linux/amd64').reply).toMatchObject({
    counted: 1,
    torn: 'the list of findings broke off',
  });
});
