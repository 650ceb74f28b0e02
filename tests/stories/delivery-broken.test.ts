import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { loadChange } from '@tenant-delivery/evidence/record';
import type { FaultKind, RecordedCall } from '@tenant-delivery/local-aws';
import { type ScanStep, scriptScan, seedScanning } from '@tenant-delivery/local-aws/services/ecr';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import type { TenantContract } from '@tenant-delivery/tenancy/contract';
import {
  beginRun,
  expectRefusedUnrecorded,
  type Played,
  type PlayedRun,
  succeeded,
} from '../stage/played-run.ts';
import { acmeWith, changesIn, errorsOf, logOf, ORDERS, openStage } from '../stage/stage.ts';

/** What a service may say at its end: commands for the runner, HTML and Markdown for the summary. */
const LAST_WORDS = [
  'orders cannot start: ORDERS_DB is not set',
  '::set-output name=report::forged',
  '::add-mask::orders',
  '::error title=forged::forged',
  '::endgroup::',
  '::stop-commands::forever',
  '<img src=x onerror=alert(1)> | [link](https://example.org) | ```',
];

const NEVER = 1_000_000; // seconds: on a slow machine a later moment may come before an earlier one was acted upon

let stage: Stage;
beforeAll(async () => {
  const contracts = acmeWith('old', 'hidden', 'inspected', 'scanned', 'throttled', 'reset', 'silent').map(
    askingEpss,
  );
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts });
}, 60_000);
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

function fail(kind: FaultKind, ...operations: readonly string[]): void {
  for (const name of operations) {
    const [service = '', operation = ''] = name.split(':');
    stage.platform.aws.fail({ service, operation, nth: 1, kind });
  }
}

async function statesOf(service: string, change: string): Promise<readonly string[]> {
  const vault = stage.platform.tenants['acme']?.vault('prod');
  if (!vault) throw new Error('acme is on the stage');
  const events = await loadChange(vault, stage.platform.trust, { ...ORDERS, service }, change);
  return events.map(({ transition }) => transition.to);
}

async function built(run: PlayedRun): Promise<string> {
  const { change = '' } = succeeded(await run.step('build', 'open-change')).outputs;
  succeeded(await run.step('build', 'build-and-scan-image', { change }));
  return change;
}

const CLOSED = ['proposed', 'built', 'gated', 'planned', 'approved', 'deploying', 'verified', 'closed'];

describe('a release that crashes at its start', () => {
  let delivery: Delivery;
  beforeAll(async () => {
    const log = LAST_WORDS.map((line) => ({ atSeconds: 1, line }));
    const crash = { exit: { code: 3, afterSeconds: 2 }, healthyAfterSeconds: NEVER, log };
    simulatedOf(stage.platform.aws.world).script('orders', crash);
    await stage.commit('Break it\n\n::error::forged <script>alert(1)</script>', { VERSION: '2.0.0\n' });
    delivery = await stage.deliver();
  }, 60_000);

  it('is rolled back, and recorded as that', async () => {
    expect(delivery).toMatchObject({ outcome: 'rolled-back', result: { conclusion: 'failure' } });
    expect(await statesOf('orders', delivery.change)).toEqual([...CLOSED.slice(0, 6), 'rolled-back']);
  });

  it('is explained with its exit code and its own last words', async () => {
    const log = logOf(delivery.result);
    for (const word of LAST_WORDS) expect(log).toContain(word);
    expect(log).toMatch(/exit code 3\b/);
    const report = await stage.document(delivery.change, 'report');
    expect(report).toMatchObject({
      outcome: 'rolled-back',
      causes: [{ exitCode: 3, container: 'orders', log: LAST_WORDS }],
    });
  });

  it('cannot give orders to the runner with what it logs', () => {
    const deploy = delivery.result.jobs.find(({ id }) => id.endsWith('/deploy'));
    expect(errorsOf(delivery.result).map(({ title }) => title)).toEqual(['DEPLOYMENT_ROLLED_BACK']);
    expect(deploy?.log).not.toContain('***');
    expect(JSON.stringify(deploy?.steps.map(({ outputs }) => outputs))).not.toContain('forged');
  });

  it('cannot put HTML, links or tables into a summary', () => {
    const lines = delivery.result.jobs.flatMap(({ summary }) => summary.split('\n'));
    const said = lines.filter((line) => line.includes('onerror') || line.includes('::error'));
    expect(said.length).toBeGreaterThan(0);
    for (const line of said) expect(line).toMatch(/^ {4}\S/); // inside an indented code block, where nothing is markup
  });
});

describe('an image that is not known to be good goes nowhere', () => {
  const scanned: { readonly run: PlayedRun; readonly change: string }[] = [];
  const scan = async () => {
    const run = await begin('scanned');
    return { run, change: await built(run) };
  };
  beforeAll(async () => {
    scanned.push(await scan()); // the others find its image, and are opened side by side
    scanned.push(...(await Promise.all([scan(), scan(), scan()])));
  }, 30_000);

  it('when a package in it is vulnerable: the packages are named', async () => {
    const run = await begin('old');
    await run.write({ Dockerfile: `ARG REGISTRY\nFROM \${REGISTRY}/base/node:24-old\nCMD ["node"]\n` });
    const change = await built(run);
    const played = await run.step('plan', 'gate-on-ecr-findings', { change });
    expectDenied(played, 'FINDINGS_OVER_LIMIT');
    expect(played.lines.join('\n')).toMatch(/What to do: Update .*openssl/);
    expect(await statesOf('old', change)).toEqual(['proposed', 'built', 'denied']);
    const plan = await run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });
    expectRefusedUnrecorded(plan, 'VERDICT_UNUSABLE', 'it denies the image (2 high findings');
  }, 30_000);

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
    const change = await built(run);
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
  }, 30_000);

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
    const change = await built(run);
    const played = await run.step('plan', 'gate-on-ecr-findings', { change });
    expectDenied(played, 'SCAN_NOT_EVIDENCE');
    expect(played.lines.join('\n')).toMatch(
      /in no database of the image any more, and their files still are: pkg:deb\/[a-z]+\/zlib1g@1\.2\.11/,
    );
    expect(played.lines.join('\n')).toMatch(/What to do: Keep the databases of packages/);
  }, 30_000);

  it.each<readonly [string, ScanStep, string]>([
    [
      'when its inspection failed',
      { kind: 'status', status: 'FAILED', description: 'no memory' },
      'no memory',
    ],
    ['when the registry says what nobody knows', { kind: 'status', status: 'HALF_DONE' }, 'HALF_DONE'],
    ['when its inspection does not end', { kind: 'status', status: 'IN_PROGRESS' }, 'IN_PROGRESS'],
    ['when it is called complete without findings', { kind: 'status', status: 'COMPLETE' }, 'COMPLETE'],
  ])(
    '%s',
    async (_, step, said) => {
      const { run, change } = scanned.pop() ?? (await scan());
      scriptScan(stage.platform.aws.world, ORDERS.account, '*', [step]);
      const played = await run.step('plan', 'gate-on-ecr-findings', { change, 'scan-minutes': '1' });
      scriptScan(stage.platform.aws.world, ORDERS.account, '*', []);
      expectDenied(played, 'SCAN_NOT_EVIDENCE');
      expect(played.errors[0]?.message).toContain(said);
    },
    30_000,
  );
});

function expectDenied(played: Played, reason: string): void {
  expect(played.outputs).toMatchObject({ outcome: 'denied', decision: 'deny', 'reason-code': reason });
  expect(played.exitCode).toBe(1);
  expect(played.errors).toHaveLength(1);
  expect(changesIn(played.calls)).toEqual([]);
}

describe('trouble on the way to AWS', () => {
  it('is survived when AWS throttles: every effect happens once', async () => {
    const run = await begin('throttled');
    const before = stage.platform.aws.calls.length;
    fail('throttle', 's3:GetObject', 's3:PutObject', 's3:ListObjectsV2', 'kms:Sign', 'sts:GetCallerIdentity');
    const change = await run.plan();
    succeeded(await run.approve(change));
    fail('throttle', 'ecs:DescribeServices', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'kms:Sign');
    fail('throttle', 's3:PutObject', 'ecs:DescribeServiceDeployments', 'ecs:ListServiceDeployments');
    await run.close(change, succeeded(await run.deploy(change)));
    expect(await statesOf('throttled', change)).toEqual(CLOSED);
    const calls = stage.platform.aws.calls.slice(before);
    expect(effects(calls, 'RegisterTaskDefinition', 'UpdateService')).toEqual([1, 1]);
  }, 30_000);

  it('is reconciled when the connection breaks after the effect: nothing happens twice, no record forks', async () => {
    const run = await begin('reset');
    const before = stage.platform.aws.calls.length;
    fail('reset-after-effect', 's3:PutObject', 'kms:Sign');
    const change = await run.plan();
    fail('reset-after-effect', 's3:PutObject');
    succeeded(await run.approve(change));
    fail('reset-after-effect', 's3:PutObject', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService');
    await run.close(change, succeeded(await run.deploy(change)));
    expect(await statesOf('reset', change)).toEqual(CLOSED);
    const calls = stage.platform.aws.calls.slice(before);
    expect(effects(calls, 'RegisterTaskDefinition', 'UpdateService')).toEqual([1, 1]);
  }, 30_000);

  describe('stops the step that meets it', () => {
    let run: PlayedRun;
    let change: string;
    beforeAll(async () => {
      run = await begin('silent');
      change = await built(run);
      succeeded(await run.step('plan', 'gate-on-ecr-findings', { change }));
    }, 30_000);
    const plan = () => run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });

    it('when AWS answers without what was asked for: that is never "nothing there"', async () => {
      fail('empty-reply', 'ecs:DescribeServices');
      expectRefusedUnrecorded(await plan(), 'AWS_EMPTY_REPLY', /^AWS answered without the service/);
    });

    it('at once when AWS denies: the IAM action is named, without a second try', async () => {
      fail('denied', 'ecs:DescribeServices');
      const played = await plan();
      expectRefusedUnrecorded(played, 'AWS_DENIED', 'AWS denied ecs:DescribeServices');
      const asked = played.calls.filter(({ operation }) => operation === 'DescribeServices');
      expect(asked).toMatchObject([{ attempts: 1 }]);
    });

    it('and no lock is left behind: the next delivery goes ahead', async () => {
      succeeded(await plan());
      succeeded(await run.approve(change));
      fail('denied', 'ec2:DescribeSubnets');
      expect((await run.deploy(change)).outputs['reason-code']).toBe('PREFLIGHT_FAILED');
      const settle = { change, mode: 'settle', 'job-status': 'failure' };
      expect((await run.step('settle', 'close-change', settle)).outputs['state']).toBe('abandoned');
      const next = await begin('silent');
      const after = await next.plan();
      succeeded(await next.approve(after));
      expect((await next.deploy(after)).outputs).toMatchObject({ outcome: 'deployed' });
      const unverified = { change: after, 'job-status': 'failure' };
      const closed = await next.step('deploy', 'close-change', unverified);
      expect(closed.outputs).toMatchObject({ state: 'failed', 'reason-code': 'NOT_VERIFIED' });
    }, 30_000);
  });
});

function effects(calls: readonly RecordedCall[], ...operations: readonly string[]): readonly number[] {
  return operations.map((operation) =>
    calls.filter((call) => call.operation === operation).reduce((sum, call) => sum + call.effects, 0),
  );
}
