import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Stage } from '@tenant-delivery/cli/demo/stage';
import { type ScanStep, scriptScan, seedScanning } from '@tenant-delivery/local-aws/services/ecr';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import { beginRun, type Played, type PlayedRun } from '../stage/played-run.ts';
import { acmeWith, changesIn, ORDERS, openStage } from '../stage/stage.ts';

let stage: Stage;
beforeAll(async () => {
  const contracts = acmeWith('hidden', 'inspected', 'scanned').map(askingEpss);
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
});
afterAll(() => stage.platform.close());

/** A floor that asks what Amazon Inspector alone knows; basic scanning says nothing of it, and that is only reported here. */
function askingEpss(contract: TenantContract): TenantContract {
  const prod = contract.environments['prod'];
  if (!prod) return contract;
  const overrides = { epss: { atLeast: 0.01 }, unknown: 'report' } as const;
  const scanFloor = { ...prod.scanFloor, overrides };
  return { ...contract, environments: { ...contract.environments, prod: { ...prod, scanFloor } } };
}

const begin = (service: string) => beginRun(stage.platform, { service });

describe('an image that is not known to be good goes nowhere', () => {
  const scanned: { readonly run: PlayedRun; readonly change: string }[] = [];
  const scan = async () => {
    const run = await begin('scanned');
    return { run, change: await run.build() };
  };
  beforeAll(async () => {
    scanned.push(await scan()); // the others find its image, and are opened side by side
    scanned.push(...(await Promise.all([scan(), scan(), scan()])));
  });

  it('when Amazon Inspector finds a package of npm in it, with a role that may ask what it takes', async () => {
    const { world } = stage.platform.aws;
    seedScanning(world, ORDERS.account, ORDERS.region, 'ENHANCED', 'CONTINUOUS_SCAN');
    const run = await begin('inspected');
    const lines = [
      'ARG REGISTRY',
      `FROM \${REGISTRY}/base/node:24`,
      'COPY node_modules /srv/node_modules',
      'CMD ["node"]',
    ];
    const minimist = '{"name":"minimist","version":"1.2.5"}';
    await run.write({ Dockerfile: lines.join('\n'), 'node_modules/minimist/package.json': minimist });
    const before = stage.platform.aws.denied().length;
    const change = await run.build();
    const played = await run.step('plan', 'gate-on-ecr-findings', { change });
    seedScanning(world, ORDERS.account, ORDERS.region, 'BASIC', 'SCAN_ON_PUSH');
    expectDenied(played, 'FINDINGS_OVER_LIMIT');
    expect(played.lines.join('\n')).toContain('Update minimist to 1.2.6');
    expect(stage.platform.aws.denied().slice(before)).toEqual([]);
    expect(played.calls.map(({ operation }) => operation)).toEqual(
      expect.arrayContaining(['ListCoverage', 'BatchGetFindingDetails']),
    );
    expect(played.lines.join('\n')).toContain('blocked by epss, EPSS is 0.01, at or over 0.01');
    expect(played.outputs).toMatchObject({
      'findings-file': expect.stringMatching(/\/findings\.json$/),
      'sarif-file': expect.stringMatching(/\/findings\.sarif$/),
    });
  });

  it('when its Dockerfile takes what the database of packages says away and leaves their files', async () => {
    const run = await begin('hidden');
    const lines = [
      'ARG REGISTRY',
      `FROM \${REGISTRY}/base/node:24`,
      'COPY dpkg /var/lib/dpkg',
      'COPY lib /usr/lib/hidden',
      'COPY empty /var/lib/dpkg/status',
      'CMD ["node"]',
    ];
    await run.write({
      Dockerfile: lines.join('\n'),
      'dpkg/status': 'Package: zlib1g\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.2.11\n',
      'dpkg/info/zlib1g:amd64.list': '/usr/lib/hidden\n/usr/lib/hidden/libz.so.1\n',
      'lib/libz.so.1': 'code',
      empty: '',
    });
    const change = await run.build();
    const played = await run.step('plan', 'gate-on-ecr-findings', { change });
    expectDenied(played, 'SCAN_NOT_EVIDENCE');
    expect(played.lines.join('\n')).toMatch(
      /in no database of the image any more, and their files still are: pkg:deb\/[a-z]+\/zlib1g@1\.2\.11/,
    );
    expect(played.lines.join('\n')).toMatch(/What to do: Keep the databases of packages/);
  });

  it.each<readonly [string, ScanStep, string]>([
    [
      'when its inspection failed',
      { kind: 'status', status: 'FAILED', description: 'no memory' },
      'no memory',
    ],
    ['when the registry says what nobody knows', { kind: 'status', status: 'HALF_DONE' }, 'HALF_DONE'],
    ['when its inspection does not end', { kind: 'status', status: 'IN_PROGRESS' }, 'IN_PROGRESS'],
    ['when it is called complete without findings', { kind: 'status', status: 'COMPLETE' }, 'COMPLETE'],
  ])('%s', async (_, step, said) => {
    const { run, change } = scanned.pop() ?? (await scan());
    scriptScan(stage.platform.aws.world, ORDERS.account, '*', [step]);
    const played = await run.step('plan', 'gate-on-ecr-findings', { change, 'scan-minutes': '1' });
    scriptScan(stage.platform.aws.world, ORDERS.account, '*', []);
    expectDenied(played, 'SCAN_NOT_EVIDENCE');
    expect(played.errors[0]?.message).toContain(said);
  });
});

function expectDenied(played: Played, reason: string): void {
  expect(played.outputs).toMatchObject({ outcome: 'denied', decision: 'deny', 'reason-code': reason });
  expect(played.exitCode).toBe(1);
  expect(played.errors).toHaveLength(1);
  expect(changesIn(played.calls)).toEqual([]);
}
