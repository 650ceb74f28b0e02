import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Image } from '@tenant-delivery/domain';
import { policyOf } from '@tenant-delivery/findings/effective-policy';
import type { JudgedFinding } from '@tenant-delivery/findings/exploitation';
import { meetPolicies } from '@tenant-delivery/findings/meet-policies';
import { renderCycloneDxVex } from '@tenant-delivery/findings/render-cyclonedx-vex';
import { renderSarif } from '@tenant-delivery/findings/render-sarif';
import { type Judgement, judgeImage } from '@tenant-delivery/findings/verdict';
import type { Waiver } from '@tenant-delivery/findings/waiver';
import { bytesInMemory } from '@tenant-delivery/oci/byte-source';
import { type LayerEntry, writeLayer } from '@tenant-delivery/oci/layer';
import { createLayout } from '@tenant-delivery/oci/layout';
import { billOfMaterials } from '@tenant-delivery/oci/sbom/cyclonedx';
import { materialsOf } from '@tenant-delivery/oci/sbom/image-files';
import { cycloneDxMistakes, sarifMistakes } from '@tenant-delivery/testkit/published-schemas';

// What others read, held to the schemas that CycloneDX and OASIS publish.

const IMAGE: Image = {
  repositoryUri: '000011112222.dkr.ecr.eu-west-1.amazonaws.com/acme/orders',
  digest: `sha256:${'d'.repeat(64)}`,
};
const NOW = Date.UTC(2026, 10, 25, 12);
const HOSTILE = '=cmd|"x"!A1,\n::error::owned ](https://evil) \u2028{0}\ud800';

const folder = mkdtempSync(join(tmpdir(), 'td-schemas-'));
let billed = '';

beforeAll(async () => {
  const files = {
    '/etc/os-release': 'ID=debian\nVERSION_ID="12"\n',
    '/var/lib/dpkg/status':
      'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1:1.2\n',
    '/var/lib/rpm/rpmdb.sqlite': 'x',
    '/srv/node_modules/@a/b/package.json': JSON.stringify({ name: '@a/b', version: HOSTILE }),
    '/one/node_modules/c/package.json': JSON.stringify({ name: 'c', version: '3.0.0' }),
    '/two/node_modules/c/package.json': JSON.stringify({ name: 'c', version: '3.0.0' }),
  };
  const entries = Object.entries(files).map(
    ([path, text]): LayerEntry => ({
      path,
      mode: 0o644,
      uid: 0,
      gid: 0,
      kind: 'file',
      content: bytesInMemory(Buffer.from(text)),
    }),
  );
  const layout = createLayout(join(folder, 'layout'));
  const { digest, size } = await writeLayer(layout, entries, 0);
  const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
  const layers = [{ mediaType, digest, size }];
  billed = billOfMaterials(IMAGE, 'linux/amd64', await materialsOf({ layers }, layout.openBlob)).toString();
});

afterAll(() => rmSync(folder, { recursive: true }));

const finding = (id: string, more: Partial<JudgedFinding> = {}): JudgedFinding => ({
  vulnerability: id,
  severity: 'high',
  saidSeverity: 'HIGH',
  package: 'openssl',
  version: '3.0.11-1',
  purl: 'pkg:deb/debian/openssl@3.0.11-1',
  platforms: ['linux/amd64'],
  ...more,
});

const waiver = (id: string, more: Partial<Waiver> = {}): Waiver => ({
  id,
  package: 'pkg:deb/openssl',
  repositories: ['acme/*'],
  reason: `The service opens no connection of its own. ${HOSTILE}`,
  owner: 'dev-ana',
  approvedBy: 'sre-lee',
  created: '2026-11-01',
  expires: '2026-12-01',
  ...more,
});

function judged(): Judgement {
  const waivers = { maximumDays: { critical: 90, high: 90 }, approvers: ['sre-lee'] };
  const floor = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, unknown: 0, waivers };
  const findings = [
    finding('CVE-2026-1', { filePath: '/app/../x y.js', uri: 'https://example.org/1' }),
    finding('CVE-2026-2', { severity: 'unknown', package: HOSTILE, version: HOSTILE }),
    finding('CVE-2026-3'),
    finding('CVE-2026-4'),
  ];
  const given = [
    waiver('CVE-2026-3'),
    waiver('CVE-2026-4', { justification: 'vulnerable_code_not_in_execute_path' }),
  ];
  const policy = { ...policyOf(meetPolicies(floor, undefined).policy), waivers: given };
  const child = { platform: 'linux/amd64', digest: IMAGE.digest, scan: 'COMPLETE', findings };
  return judgeImage([child], policy, { repository: 'acme/orders', now: NOW });
}

describe('by its published schema', () => {
  it('a bill of materials is CycloneDX 1.6', async () => {
    expect(JSON.parse(billed).components).toHaveLength(4);
    expect(await cycloneDxMistakes(billed)).toEqual([]);
    expect(await cycloneDxMistakes(billed.replace('"type":"library"', '"type":"package"'))).not.toEqual([]);
  });

  it('what waivers say is CycloneDX 1.6 too', async () => {
    const vex = renderCycloneDxVex(judged(), IMAGE, NOW) ?? '';
    expect(JSON.parse(vex).vulnerabilities).toHaveLength(2);
    expect(await cycloneDxMistakes(vex)).toEqual([]);
  });

  it('what code scanning reads is SARIF 2.1.0', () => {
    const sarif = [...renderSarif(judged(), IMAGE, 'findings.json')].join('');
    expect(JSON.parse(sarif).runs[0].results).toHaveLength(4);
    expect(sarifMistakes(sarif)).toEqual([]);
    expect(sarifMistakes(sarif.replace('"level":"error"', '"level":"bad"'))).not.toEqual([]);
  });
});
