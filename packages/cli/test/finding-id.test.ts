import { expect, test } from '@jest/globals';
import { kindOfFinding } from '../src/ignore-files/finding-id.ts';
import { readIgnores } from '../src/ignore-files/read-ignores.ts';

const IDS: Readonly<Record<string, readonly string[]>> = {
  vulnerability: [
    'CVE-2024-1234',
    'cve-2024-12345',
    'GHSA-jfh8-c2jp-5v3q',
    'ALAS2023-2024-501',
    'DLA-3001-1',
    'USN-6000-1',
    'RHSA-2024:1234',
    'openSUSE-SU-2024:0012-1',
    'GO-2024-2611',
    'RUSTSEC-2021-0001',
    'NSWG-ECO-428',
    'TEMP-0841856-B18BAF',
    'SNYK-JS-LODASH-567746',
    'UBUNTU-CVE-2024-1234',
  ],
  misconfiguration: [
    'AVD-DS-0002',
    'DS002',
    'DS-0026',
    'KSV014',
    'AWS-0089',
    'CKV_DOCKER_2',
    'no-user-given',
  ],
  secret: ['aws-access-key-id', 'private-key', 'github-pat', 'jwt-token', 'generic-unwanted-rule'],
  licence: ['GPL-3.0', 'LGPL-2.1-or-later', 'MIT', 'BSD-3-Clause', 'Apache-2.0', 'CC0-1.0', 'PSF-2.0'],
};

test.each(Object.entries(IDS).flatMap(([kind, ids]) => ids.map((id) => [id, kind])))(
  '%s names a %s',
  (id, kind) => {
    expect(kindOfFinding(id ?? '')).toBe(kind);
  },
);

test('what is none of these is told as unknown, in every file alike', () => {
  const left = (file: string, text: string) => {
    const read = readIgnores(file, text);
    return 'mistakes' in read ? read.mistakes : [read.drafts.length, ...read.left];
  };
  expect(left('.trivyignore', 'MyRule_1\nGPL-3.0 # ours\nprivate-key\n')).toEqual([
    0,
    'line 1: MyRule_1 is no vulnerability of a database that we know',
    'line 2: GPL-3.0 is no vulnerability but a licence',
    'line 3: private-key is no vulnerability but a secret',
  ]);
  expect(
    left('.trivyignore.yaml', 'vulnerabilities: [{ id: DS002 }]\nlicenses: [{ id: MIT }, { id: ISC }]'),
  ).toEqual([
    0,
    'licenses: the gate judges vulnerabilities alone, not MIT, ISC',
    'vulnerabilities.0: DS002 is no vulnerability but a misconfiguration',
  ]);
  expect(left('.grype.yaml', 'ignore: [{ vulnerability: GPL-3.0 }, { package: { name: x } }]')).toEqual([
    0,
    'ignore.0: GPL-3.0 is no vulnerability but a licence',
    expect.stringMatching(/^ignore\.1: it names no vulnerability/),
  ]);
});
