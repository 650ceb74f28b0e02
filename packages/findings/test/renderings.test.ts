import { describe, expect, it, test } from '@jest/globals';
import type { Image } from '@tenant-delivery/domain';
import { annotationsOf } from '../src/annotations.ts';
import { policyOf } from '../src/effective-policy.ts';
import { explainRow } from '../src/explain.ts';
import type { JudgedFinding } from '../src/exploitation.ts';
import { meetPolicies } from '../src/meet-policies.ts';
import { renderCsv } from '../src/render-csv.ts';
import { renderCycloneDxVex } from '../src/render-cyclonedx-vex.ts';
import { renderOpenVex } from '../src/render-openvex.ts';
import { renderSarif } from '../src/render-sarif.ts';
import { type Judgement, judgeImage } from '../src/verdict.ts';
import type { Waiver } from '../src/waiver.ts';
import { aChild, aFinding, aWaiver, NOW, PLACE, TERMS } from './policies.ts';

const IMAGE: Image = {
  repositoryUri: '000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders',
  digest: `sha256:${'d'.repeat(64)}`,
};
const HOSTILE = '=cmd|"x"!A1,\n::error::owned ](https://evil) \u2028{0}\ud800';

function judged(findings: readonly JudgedFinding[], waivers: readonly Waiver[] = []): Judgement {
  const floor = {
    critical: 0,
    high: 0,
    medium: 1,
    low: 'unlimited',
    informational: 'unlimited',
    unknown: 0,
    waivers: TERMS,
  } as const;
  return judgeImage(
    [aChild(findings)],
    { ...policyOf(meetPolicies(floor, undefined).policy), waivers },
    PLACE,
  );
}

interface Sarif {
  readonly runs: readonly {
    readonly automationDetails: { readonly id: string };
    readonly properties?: { readonly more: string };
    readonly tool: { readonly driver: { readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly {
      readonly ruleId: string;
      readonly level: string;
      readonly message: { readonly text: string };
      readonly suppressions?: readonly { readonly kind: string; readonly justification: string }[];
      readonly partialFingerprints: Readonly<Record<string, string>>;
      readonly locations: readonly {
        readonly physicalLocation: { readonly artifactLocation: { readonly uri: string } };
      }[];
    }[];
  }[];
}

function sarif(judgement: Judgement, image = IMAGE) {
  const [run] = (JSON.parse([...renderSarif(judgement, image, 'findings.json')].join('')) as Sarif).runs; // as we write it
  if (!run) throw new Error('there is one run');
  return run;
}

describe('SARIF', () => {
  it('keeps an alert the same one from image to image: no tag and no digest is in its path or fingerprint', () => {
    const of = (digest: Image['digest']) => {
      const [result] = sarif(judged([aFinding({ filePath: '/app/../x y.js' })]), {
        ...IMAGE,
        digest,
      }).results;
      return [result?.partialFingerprints, result?.locations[0]?.physicalLocation];
    };
    expect(of(IMAGE.digest)).toEqual(of(`sha256:${'e'.repeat(64)}`));
    expect(JSON.stringify(of(IMAGE.digest))).toContain('acme/orders/app/%2E%2E/x%20y.js');
  });

  it('shows a waived finding as suppressed, with who answers for it', () => {
    const [result] = sarif(judged([aFinding()], [aWaiver()])).results;
    expect(result).toMatchObject({
      level: 'note',
      suppressions: [{ kind: 'external', justification: expect.stringContaining('sre-lee') }],
    });
  });

  it('keeps what blocks when there is more than GitHub keeps, and says how much is elsewhere', () => {
    const low = Array.from({ length: 5_200 }, (_, n) =>
      aFinding({ severity: 'low', vulnerability: `CVE-2025-${n}` }),
    );
    const run = sarif(judged([...low, aFinding()]));
    expect(run.results).toHaveLength(5_000);
    expect(run.results[0]).toMatchObject({ ruleId: 'CVE-2026-1000', level: 'error' });
    expect(run.properties).toEqual({ more: '201 more in findings.json' });
  });

  it('makes a link or a path out of nothing that others wrote', () => {
    const [result] = sarif(
      judged([aFinding({ package: HOSTILE, filePath: `../../${HOSTILE}`, uri: 'javascript:x' })]),
    ).results;
    expect(result?.message.text).not.toMatch(/[\n\r]|[^\\]\]\(/);
    expect(result?.locations[0]?.physicalLocation.artifactLocation.uri).toMatch(
      /^acme\/orders\/%2E%2E\/%2E%2E\/[\w%.!~*'()/-]+$/,
    );
  });
});

test('CSV has every finding, and no cell that a spreadsheet would calculate', () => {
  const both = judged([
    aFinding({ package: HOSTILE }),
    aFinding({ severity: 'low', vulnerability: 'CVE-1' }),
  ]);
  const [head, ...lines] = [...renderCsv(both)].join('').split('\r\n');
  expect(head).toMatch(/^effect,rule,why,vulnerability/);
  expect(lines[0]).toContain(`"'=cmd|""x""!A1,`);
  expect(lines.filter((line) => line !== '')).toHaveLength(2);
});

test('OpenVEX and CycloneDX say of every waived finding whether the image is affected, and nothing where nothing is waived', () => {
  const facts = { id: 'urn:x', author: 'gate', at: NOW };
  expect(renderOpenVex(judged([aFinding()]), IMAGE, facts)).toBeUndefined();
  const both = judged(
    [aFinding(), aFinding({ vulnerability: 'CVE-2026-1001' })],
    [aWaiver(), aWaiver({ id: 'CVE-2026-1001', justification: 'vulnerable_code_not_in_execute_path' })],
  );
  const { statements } = JSON.parse(renderOpenVex(both, IMAGE, facts) ?? '{}');
  expect(statements).toMatchObject([
    { status: 'affected', action_statement: expect.stringContaining('dev-ana') },
    { status: 'not_affected', justification: 'vulnerable_code_not_in_execute_path' },
  ]);
  const vex = JSON.parse(renderCycloneDxVex(both, IMAGE, NOW) ?? '{}');
  expect(vex.vulnerabilities).toMatchObject([
    { id: 'CVE-2026-1000', analysis: { state: 'exploitable', response: ['will_not_fix'] } },
    { id: 'CVE-2026-1001', analysis: { state: 'not_affected', justification: 'code_not_reachable' } },
  ]);
  expect(vex.components).toMatchObject([{ name: 'openssl', purl: 'pkg:deb/debian/openssl@3.0.11-1' }]);
  expect(statements[0].products[0]['@id']).toMatch(/^pkg:oci\/orders@sha256%3Ad{64}\?repository_url=/);
});

test('an explanation names the rule, and of each waiver that nearly matched what it lacked', () => {
  const { rows, waivers } = judged(
    [aFinding({ fixedIn: '3.0.15' })],
    [aWaiver(), aWaiver({ package: 'pkg:npm/x' })],
  );
  const [row] = rows;
  expect(
    row &&
      explainRow(
        row,
        waivers.map(({ waiver }) => waiver),
      ),
  ).toEqual([
    'CVE-2026-1000 in openssl 3.0.11-1 (high, fixed in 3.0.15): blocked by high, 1 high finding, at most 0 allowed',
    '  a waiver for pkg:deb/openssl, owned by dev-ana does not cover it: it holds until a fix is known, and 3.0.15 fixes this',
    '  a waiver for pkg:npm/x, owned by dev-ana does not cover it: it is for pkg:npm/x; it holds until a fix is known, and 3.0.15 fixes this',
  ]);
});

test('annotations are fewer than GitHub shows, whatever was found', () => {
  const many = Array.from({ length: 50 }, (_, n) => aFinding({ vulnerability: `CVE-2026-${2000 + n}` }));
  const waivers = Array.from({ length: 30 }, (_, n) =>
    aWaiver({ id: `CVE-2026-${2000 + n}`, ...(n % 2 === 0 && { expires: '2026-11-21' }) }),
  );
  const annotations = annotationsOf(judged(many, waivers), 'findings.json');
  expect(annotations.length).toBeLessThanOrEqual(9);
  expect(annotations).toContain('29 more findings that block or warn are in findings.json');
  expect(annotations.join('\n')).toMatch(/expired; renew or remove them: .* and 10 more/);
});
