import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { run } from '../src/run.ts';

const TEMPLATES = join(import.meta.dirname, '../../../templates');

let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'policy-'));
  const contract = readFileSync(join(TEMPLATES, 'operations-repo/tenants/acme.yaml'), 'utf8');
  const terms = '      waivers: { maximumDays: { high: 14 }, approvers: [sre-lee] }\n    verdictHours: 24';
  writeFileSync(join(cwd, 'acme.yaml'), contract.replace('    verdictHours: 24', terms));
  const manifest = readFileSync(join(TEMPLATES, 'customer-repo/.delivery/service.yaml'), 'utf8');
  writeFileSync(join(cwd, 'tight.yaml'), `${manifest}scan: { medium: 0, high: { fixableOnly: false } }\n`);
  writeFileSync(join(cwd, 'loose.yaml'), `${manifest}scan: { high: 3 }\n`);
  writeFileSync(
    join(cwd, 'waived.yaml'),
    `${manifest}scan:
  waivers:
    - { id: CVE-2026-1, package: "pkg:deb/openssl", repositories: [acme/shop], reason: It opens no connection., owner: dev-ana, approvedBy: sre-lee, created: 2026-11-20, expires: 2026-11-30 }
`,
  );
  const row = (severity: string, id: string) => ({
    vulnerability: id,
    severity,
    saidSeverity: severity,
    package: 'openssl',
    version: '3.0.11',
    platforms: ['linux/amd64'],
  });
  const found = (...findings: readonly object[]) =>
    JSON.stringify({
      schemaVersion: 1,
      reasonCode: findings.length === 0 ? 'SCAN_NOT_EVIDENCE' : 'OK',
      verdict: {
        subject: {
          repositoryUri: '000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders',
          digest: 'sha256:1',
        },
        evaluatedAt: '2026-11-24T09:00:00.000Z',
      },
      findings,
    });
  writeFileSync(join(cwd, 'high.json'), found(row('high', 'CVE-2026-1')));
  writeFileSync(join(cwd, 'medium.json'), found(row('medium', 'CVE-2026-2')));
  writeFileSync(join(cwd, 'unproven.json'), found());
  writeFileSync(join(cwd, 'notes.json'), '{}');
  writeFileSync(join(cwd, 'notes.yaml'), 'a: b\n');
  writeFileSync(
    join(cwd, 'later.json'),
    found(row('high', 'CVE-2026-1')).replace('sha256:1', 'sha256:2').replace('T09', 'T10'),
  );
  writeFileSync(
    join(cwd, 'again.json'),
    found(row('low', 'CVE-2026-3')).replace('sha256:1', 'sha256:2').replace('T09', 'T11'),
  );
  writeFileSync(
    join(cwd, 'alone.yaml'),
    'schemaVersion: 1\nmedium: unlimited\nlow: unlimited\ninformational: unlimited\n',
  );
  writeFileSync(
    join(cwd, '.trivyignore'),
    '# It opens no connection.\nCVE-2026-1 exp:2026-12-31\n\nAVD-DS-0002\n',
  );
  writeFileSync(
    join(cwd, 'trivy.yaml'),
    `vulnerabilities:
  - { id: CVE-2026-1, purls: ["pkg:deb/debian/openssl@3.0.11?arch=amd64"], paths: [usr/lib/**], expired_at: 2026-12-31, statement: It opens no connection. }
misconfigurations: [{ id: AVD-DS-0002 }]
`,
  );
  writeFileSync(
    join(cwd, 'grype.yaml'),
    `ignore:
  - { vulnerability: CVE-2026-1, fix-state: not-fixed, package: { name: lodash, version: 4.17.20, type: npm, location: "/app/**/package.json" } }
  - { fix-state: unknown }
`,
  );
  writeFileSync(join(cwd, 'broken.toml'), '[[IgnoredVulns]]\nid = \n');
  writeFileSync(
    join(cwd, 'osv-scanner.toml'),
    '[[IgnoredVulns]]\nid = "GHSA-aaaa-bbbb-cccc"\nignoreUntil = 2026-12-31T00:00:00Z # soon\nreason = "Only \\"used\\" in tests."\n\n[[PackageOverrides]]\nname = "x"\n',
  );
});
afterAll(() => rmSync(cwd, { recursive: true }));

const FLOOR = ['--contract', 'acme.yaml', '--environment', 'prod'];

async function type(...args: readonly string[]) {
  const printed: string[] = [];
  const say = (line: string) => printed.push(line);
  const exit = await run(['policy', ...args], {
    cwd,
    env: {},
    out: say,
    err: say,
    interrupted: new AbortController().signal,
  });
  return { exit, printed: printed.join('\n') };
}

describe('policy', () => {
  test('lint prints every effective value with its origin, and names every wish beyond the floor', async () => {
    const good = await type('lint', ...FLOOR, '--manifest', 'tight.yaml');
    expect(good.exit).toBe(0);
    expect(good.printed).toMatch(/^high +0 \(floor\)$/m);
    expect(good.printed).toMatch(/^medium +0 \(manifest\)$/m);
    expect(await type('lint', ...FLOOR, '--manifest', 'loose.yaml')).toEqual({
      exit: 1,
      printed: 'loose.yaml: scan.high: is 3; it may only tighten the floor of 0\n1 to correct.',
    });
  });

  test('try says what a policy would have made of images that were judged before', async () => {
    expect((await type('try', 'medium.json', ...FLOOR)).exit).toBe(0);
    expect((await type('try', 'unproven.json', ...FLOOR)).printed).toContain('is not proven');
    const { exit, printed } = await type(
      'try',
      'medium.json',
      'high.json',
      ...FLOOR,
      '--manifest',
      'tight.yaml',
    );
    expect(exit).toBe(1);
    expect(printed).toContain('medium.json: sha256:1 denied: 1 medium finding, at most 0 allowed');
    expect(printed).toContain('2 of 2 denied.');
  });

  test('try takes the digests that were judged last, each once', async () => {
    const { printed } = await type('try', 'medium.json', 'later.json', 'again.json', '--last', '1', ...FLOOR);
    expect(printed).toBe('again.json: sha256:2 allowed\n0 of 1 denied.');
  });

  test('lint reads a policy file alone, or as the wish of a service', async () => {
    const alone = await type('lint', '--policy', 'alone.yaml');
    expect(alone).toMatchObject({
      exit: 0,
      printed: expect.stringMatching(/^medium +"unlimited" \(policy\)$/m),
    });
    expect(alone.printed).toMatch(/^critical +0 \(default\)$/m);
    expect(await type('lint', ...FLOOR, '--policy', 'alone.yaml')).toEqual({
      exit: 1,
      printed: [
        'alone.yaml: medium: is unlimited; it may only tighten the floor of 10',
        '1 to correct.',
      ].join('\n'),
    });
  });

  describe('import', () => {
    test.each<[string, string, readonly string[], readonly string[]]>([
      [
        '.trivyignore',
        '.trivyignore',
        ['- id: CVE-2026-1', 'expires: 2026-12-30', 'reason: It opens no connection.'],
        ['line 4: AVD-DS-0002 is no vulnerability but a misconfiguration'],
      ],
      [
        '.trivyignore.yaml',
        'trivy.yaml',
        ['package: pkg:deb/debian/openssl@3.0.11', 'paths: [ usr/lib/* ]', 'expires: 2026-12-30'],
        ['misconfigurations: the gate judges vulnerabilities alone, not AVD-DS-0002'],
      ],
      [
        '.grype.yaml',
        'grype.yaml',
        [
          'package: pkg:npm/lodash@4.17.20',
          'paths: [ /app/*/package.json ]',
          'the rule was narrower by fix-state',
        ],
        ['ignore.1: it names no vulnerability'],
      ],
      [
        'osv-scanner.toml',
        'osv-scanner.toml',
        ['- id: GHSA-aaaa-bbbb-cccc', 'reason: Only "used" in tests.', 'expires: 2026-12-30'],
        ['PackageOverrides: it ignores no vulnerability by its id'],
      ],
    ])(
      'takes over %s with a mark at every member that nobody has said, which lint refuses',
      async (_, file, lines, left) => {
        const printed: string[] = [];
        const told: string[] = [];
        const io = {
          cwd,
          env: {},
          out: (line: string) => printed.push(line),
          err: (line: string) => told.push(line),
          interrupted: new AbortController().signal,
        };
        expect(await run(['policy', 'import', file], io)).toBe(0);
        const text = `${printed.join('\n')}\n`;
        for (const line of lines) expect(text.replaceAll("'", '"')).toContain(line);
        for (const line of left) expect(told.join('\n')).toContain(line);
        expect(text).toMatch(/owner: # MISSING: who answers for it/);
        writeFileSync(join(cwd, 'imported.yaml'), text);
        const refused = await type('lint', '--policy', 'imported.yaml');
        expect(refused.exit).toBe(1);
        expect(refused.printed).toMatch(/waivers\.0\.owner: .*must be a text/);
        expect(refused.printed).toMatch(/waivers\.0\.repositories: /);
      },
    );

    test('reads osv-scanner.toml as TOML: a reason over several lines is a reason, whatever it looks like', async () => {
      const reason = '"""\nWe call none of it.\n[[IgnoredVulns]]\nid = "CVE-2026-666"\n"""';
      writeFileSync(
        join(cwd, 'several.toml'),
        `IgnoredVulns = [{ id = 'CVE-2026-1', reason = ${reason}, ignoreUntil = 2026-12-31, note = 1 }, { id = "", reason = "x" }]\n`,
      );
      const { exit, printed } = await type('import', 'several.toml');
      expect(exit).toBe(0);
      expect(printed.match(/^ +- id: .*$/gm)).toEqual(['  - id: CVE-2026-1']);
      expect(printed).toContain('expires: 2026-12-30');
      expect(printed).toContain('We call none of it.');
      expect(printed).toContain('# the table also had note');
      expect(printed).toContain('several.toml: not taken over, IgnoredVulns.1: it names no vulnerability');
    });

    test('a comment of several lines is one reason, and an id that is there again is one waiver', async () => {
      writeFileSync(
        join(cwd, '.trivyignore-lines'),
        '# About this file.\n\n# It is embedded: nobody\n# can reach it.\nCVE-2026-1\nCVE-2026-2\nCVE-2026-1\n',
      );
      const { printed } = await type('import', '.trivyignore-lines');
      expect(printed).toContain('reason: "It is embedded: nobody can reach it."');
      expect(String(printed).match(/- id: /g)).toHaveLength(2);
    });

    test.each([
      ['nothing.toml', '[[PackageOverrides]]\nname = "x"\n', 'PackageOverrides: it ignores no vulnerability'],
      ['.trivyignore-nothing', 'AVD-DS-0002\n', 'line 1: AVD-DS-0002 is no vulnerability'],
      ['empty.yaml', '# nothing yet\n', 'it ignores nothing'],
      [
        'secrets.yaml',
        'secrets: [{ id: aws-access-key-id }]\n',
        'secrets: the gate judges vulnerabilities alone',
      ],
      ['none.toml', '', 'it ignores nothing'],
      ['.grype.yaml', 'fail-on-severity: high\n', 'it ignores nothing'],
    ])('makes an empty draft of %s, in which nothing is a waiver, and says why', async (file, text, why) => {
      writeFileSync(join(cwd, file), text);
      const { exit, printed } = await type('import', file);
      expect([exit, printed]).toEqual([0, expect.stringContaining('waivers: []')]);
      expect(printed).toContain(`${file}: not taken over, ${why}`);
    });
  });

  test('explain says which rule decided, and which waiver nearly covered it and why not', async () => {
    expect(await type('explain', 'cve-2026-1', 'high.json', ...FLOOR, '--manifest', 'waived.yaml')).toEqual({
      exit: 0,
      printed: [
        'CVE-2026-1 in openssl 3.0.11 (high, no fixed version known): blocked by high, 1 high finding, at most 0 allowed',
        '  a waiver for pkg:deb/openssl, owned by dev-ana does not cover it: it is for the repositories acme/shop',
      ].join('\n'),
    });
    expect(await type('explain', 'CVE-2026-9', 'high.json', ...FLOOR)).toMatchObject({ exit: 1 });
  });

  test.each([
    [['lnt'], 'There is no policy "lnt"; did you mean lint?'],
    [['lint'], 'Give --contract and --environment, for a floor there must be; or --policy alone'],
    [['try', 'high.json', '--last', '0', ...FLOOR], '--last is "0": give a whole number from 1 to 100.'],
    [['import'], 'Give one file: .trivyignore'],
    [['import', 'broken.toml'], 'broken.toml is not read: line 2: '],
    [['import', 'notes.yaml'], 'it has neither `vulnerabilities`'],
    [['try', ...FLOOR], 'Name the findings files, or a --repository.'],
    [['try', '--repository', 'acme/orders', ...FLOOR], 'Give --last with --repository'],
    [['try', 'notes.json', ...FLOOR], 'notes.json is no findings file of the gate'],
    [['explain', 'CVE-2026-1', ...FLOOR], 'Give one vulnerability and one findings file.'],
  ])('%j is a wrong word, and says which', async (words, says) => {
    const { exit, printed } = await type(...words);
    expect(exit).toBe(2);
    expect(printed).toContain(says);
  });
});
