import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { run } from '@tenant-delivery/cli/run';
import { parse } from 'yaml';

const TEMPLATE = join(import.meta.dirname, '../../templates/operations-repo');
const WORKFLOWS = join(TEMPLATE, '.github/workflows');
const CONTRACTS = globSync('tenants/*.yaml', { cwd: TEMPLATE });
const UMBRELLA = join(import.meta.dirname, '../../local/platform/tenants/umbrella.yaml');
const WRITTEN = /^ *options: \[.*\] # every tenant$|^ *include: # each of: .+\n(?: *- \{.*\}\n)*/gm;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'td-operations-'));
  cpSync(TEMPLATE, folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function matrix(...args: readonly string[]) {
  const printed: string[] = [];
  const io = {
    cwd: folder,
    env: {},
    out: (line: string) => printed.push(line),
    err: (line: string) => printed.push(line),
    interrupted: new AbortController().signal,
  };
  return { exit: await run(['contract', 'matrix', ...args], io), printed: printed.join('\n') };
}

const workflow = (file: string) => readFileSync(join(folder, '.github/workflows', file), 'utf8');

it('has in its workflows what its contracts say', async () => {
  const { exit, printed } = await matrix(...CONTRACTS, '--workflows', '.github/workflows', '--check');
  expect({ exit, printed }).toMatchObject({ exit: 0 });
});

it.each(globSync('*.yml', { cwd: WORKFLOWS }))(
  '%s names no tenant but in lists that a command writes',
  (file) => {
    const tenants = CONTRACTS.map((path) => /(\w+)\.yaml$/.exec(path)?.[1]).join('|');
    const byHand = readFileSync(join(WORKFLOWS, file), 'utf8').replace(WRITTEN, '');
    expect(byHand.match(new RegExp(`\\b(${tenants})\\b`, 'g')) ?? []).toEqual([]);
    expect([...byHand.matchAll(/^ *include:/gm)]).toEqual([]);
  },
);

it('a tenant that leaves is in no list any more, and every list that was stale is named first', async () => {
  const asked = ['tenants/acme.yaml', '--workflows', '.github/workflows'];
  const stale = await matrix(...asked, '--check');
  expect(stale.exit).toBe(1);
  const forms = globSync('*.yml', { cwd: WORKFLOWS }).filter((file) =>
    workflow(file).includes('# every tenant'),
  );
  for (const file of forms) expect(stale.printed).toContain(`${file} does not have what the contracts say.`);
  expect(workflow('verify.yml')).toContain('globex');
  expect(await matrix(...asked)).toMatchObject({ exit: 0 });
  for (const file of globSync('*.yml', { cwd: WORKFLOWS })) expect(workflow(file)).not.toContain('globex');
  expect(workflow('verify.yml')).toContain(
    '          - { tenant: acme, environment: staging, account: "000011112222", region: eu-west-1, service: orders }\n',
  );
  expect(await matrix(...asked, '--check')).toMatchObject({ exit: 0 });
});

it('the file of a new tenant alone brings it into every form and every schedule', async () => {
  const credential = `    credentials:
      - id: ci-legacy
        kind: iam-access-key
        user: td-rotatable/umbrella-ci
        escrow: td/rotation/umbrella-ci
        maxAgeDays: 60
        consumers: [{ kind: external, name: hq, cadenceHours: 24 }]
`;
  const text = readFileSync(UMBRELLA, 'utf8').replace('  prod:\n', `  prod:\n${credential}`);
  writeFileSync(join(folder, 'tenants/umbrella.yaml'), text);
  const asked = ['tenants/acme.yaml', '--workflows', '.github/workflows'];
  expect(await matrix('tenants/umbrella.yaml', ...asked)).toMatchObject({ exit: 0 });
  const started = globSync('*.yml', { cwd: WORKFLOWS }).flatMap((file) => {
    const { on, jobs } = parse(workflow(file));
    const forms = on.workflow_dispatch?.inputs?.tenant;
    const scheduled = Object.values<{ strategy?: { matrix?: { include?: { tenant: string }[] } } }>(jobs)
      .flatMap(({ strategy }) => strategy?.matrix?.include ?? [])
      .map(({ tenant }) => tenant);
    return [
      ...('workflow_dispatch' in on ? [{ file, tenants: forms?.options ?? [] }] : []),
      ...('schedule' in on ? [{ file, tenants: scheduled }] : []),
    ];
  });
  expect(started.length).toBeGreaterThan(12);
  expect(started.filter(({ tenants }) => !tenants.includes('umbrella'))).toEqual([]);
  expect(await matrix(...asked)).toMatchObject({ exit: 0 });
});

it('compares every night what has a network, and skips the job while nothing has one', async () => {
  const contract = parse(readFileSync(UMBRELLA, 'utf8'));
  cpSync(UMBRELLA, join(folder, 'tenants/umbrella.yaml'));
  const job = () => parse(workflow('drift.yml')).jobs.scheduled;
  expect(job().if).toContain('&& false }}');
  const asked = ['--workflows', '.github/workflows'];
  expect(await matrix('tenants/acme.yaml', 'tenants/umbrella.yaml', ...asked)).toMatchObject({ exit: 0 });
  expect(job().if).toContain('&& true }}');
  const { account } = contract;
  expect(job().strategy.matrix.include).toEqual([
    { tenant: 'umbrella', environment: 'prod', account, region: 'eu-west-1' },
  ]);
  // each part may wait: a foundation for its recovery, a network for its tunnels
  const later = parse(workflow('verify-provision.yml')).jobs.scheduled;
  expect(later.strategy.matrix.include.map(({ part }: { part: string }) => part)).toEqual([
    'foundation',
    'network',
    'services',
  ]);
  expect(later.with.part).toBe('${{ matrix.part }}');
  expect(await matrix('tenants/acme.yaml', ...asked)).toMatchObject({ exit: 0 });
  expect(job()).toMatchObject({
    if: expect.stringContaining('&& false }}'),
    strategy: { matrix: { include: [{ tenant: 'none' }] } },
  });
});

it('prints a matrix for jobs of one’s own, and names what there is when asked for something else', async () => {
  const { exit, printed } = await matrix(...CONTRACTS, '--of', 'credentials');
  expect(exit).toBe(0);
  expect(JSON.parse(printed)).toEqual({
    include: [
      {
        tenant: 'acme',
        environment: 'prod',
        account: '000011112222',
        region: 'eu-west-1',
        credential: 'ci-legacy',
      },
    ],
  });
  expect(await matrix(...CONTRACTS, '--of', 'secrets')).toMatchObject({
    exit: 2,
    printed: expect.stringContaining(
      'there are environments, environments with a network, parts of environments with a network, environments with credentials, services, credentials.',
    ),
  });
  expect(await matrix('tenants/globex.yaml', '--of', 'credentials')).toMatchObject({
    exit: 2,
    printed: expect.stringContaining('a matrix needs one job'),
  });
});

it('writes nothing if one workflow cannot be written', async () => {
  const before = workflow('re-gate.yml');
  writeFileSync(join(folder, '.github/workflows/z.yml'), '        include: # each of: secrets\n');
  expect(await matrix('tenants/globex.yaml', '--workflows', '.github/workflows')).toMatchObject({ exit: 2 });
  expect(workflow('re-gate.yml')).toBe(before);
});
