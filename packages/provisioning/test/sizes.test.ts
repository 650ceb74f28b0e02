import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { ROLES } from '@tenant-delivery/domain';
import { whyContracted } from '@tenant-delivery/tenancy/uncontracted';
import { contractOfSize, LONGEST_PROVIDER, SHAPES, type Shape } from '../src/contract-of-size.ts';
import { renderEnvironment } from '../src/environment.ts';
import { measure, tooLarge } from '../src/sizes.ts';
import { shippedTemplates } from '../src/templates.ts';

function rendered(shape: Shape, used: (file: string) => void = () => {}) {
  const contract = contractOfSize(shape);
  const [environment = ''] = Object.keys(contract.environments);
  const released = {
    provider: shape.longest ? LONGEST_PROVIDER : 'OWNER/tenant-delivery',
    releases: contract.releases ?? [],
    publishers: [`arn:aws:iam::000011112222:role/${'p'.repeat(64)}`],
  };
  return renderEnvironment(contract, environment, released, (file, values) => {
    used(file);
    return shippedTemplates(file, values);
  });
}
const LARGEST = SHAPES['20/10/3, longest names'] as Shape;

describe('every document', () => {
  it.each(Object.entries(SHAPES))('fits its default quota for %s', (_, shape) => {
    expect(tooLarge(measure(rendered(shape)))).toEqual([]);
  });

  it('is as large for one service as for twenty', () => {
    const sizes = (services: number) => measure(rendered({ ...LARGEST, services, repositories: 1 }));
    expect(sizes(20)).toEqual(sizes(1));
  });

  it('grows with repositories by their numbers alone', () => {
    const sum = (repositories: number) =>
      measure(rendered({ ...LARGEST, repositories })).map(({ document, of, size }) => [document, of, size]);
    const grown = sum(10).filter((row, at) => row[2] !== sum(9)[at]?.[2]);
    expect(new Set(grown.map(([document]) => document))).toEqual(new Set(['trust']));
    const by = sum(10).map((row, at) => Number(row[2]) - Number(sum(9)[at]?.[2]));
    expect(Math.max(...by)).toBe(13); // ten digits, two quotes, a comma
  });

  it('holds no placeholder and no name of a service', () => {
    const text = JSON.stringify(
      rendered({ ...LARGEST, services: 2 }).roles.map(({ name: _, ...role }) => role),
    );
    expect(text).not.toMatch(/\$\{[A-Za-z]+\}/);
    expect(JSON.stringify(rendered(LARGEST).roles.map(({ policies }) => policies))).not.toContain('orders-0');
  });
});

describe('every role', () => {
  const files = readdirSync(join(import.meta.dirname, '../../../templates/iam'), { recursive: true })
    .map((file) => String(file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.json'));

  test('that templates/iam has a file for is rendered, so that one file too many is found', () => {
    const used = new Set<string>();
    const registry = {
      createIfMissing: true,
      signingProfile: 'arn:aws:signer:eu-west-1:0:/signing-profiles/x',
    };
    const contract = contractOfSize(LARGEST);
    const [[environment, agreed] = ['', undefined]] = Object.entries(contract.environments);
    if (!agreed) throw new Error('it has an environment');
    const asking = { ...contract, environments: { [environment]: { ...agreed, registry } } };
    const released = { provider: LONGEST_PROVIDER, releases: ['v1.0.0'], publishers: [] };
    renderEnvironment(asking, environment, released, (file, values) => {
      used.add(file);
      return shippedTemplates(file, values);
    });
    // set by hand, once in an account
    const applied = ['vault/encryption.json', 'vault/public-access-block.json'];
    expect(files.filter((file) => !used.has(file) && !applied.includes(file))).toEqual([]);
  });

  test('of jobs works under a contract alone', () => {
    const { roles } = rendered(LARGEST);
    const ofJobs = roles.filter(({ kind }) => ROLES.some((role) => role === kind));
    expect(ofJobs.map(({ kind }) => kind).sort()).toEqual([...ROLES].sort());
    const session = (name: string) => `arn:aws:sts::000011112222:assumed-role/${name}/td-acme-prod-1-1`;
    expect(ofJobs.filter(({ name }) => whyContracted(session(name)).length === 0)).toEqual([]);
    expect(whyContracted(session('ci'))).toEqual([]);
  });
});
