import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Delivery, Stage } from '@tenant-delivery/cli/demo/stage';
import { simulatedOf } from '@tenant-delivery/local-aws/services/ecs';
import { beginRun, expectRefusedUnrecorded } from '../stage/played-run.ts';
import { acmeWith, changesIn, errorsOf, logOf, openStage, statesOf } from '../stage/stage.ts';

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
  stage = await openStage({ runtime: 'simulated', scale: 60, contracts: acmeWith('old') });
});
afterAll(() => stage.platform.close());

describe('a release that crashes at its start', () => {
  let delivery: Delivery;
  beforeAll(async () => {
    const log = LAST_WORDS.map((line) => ({ atSeconds: 1, line }));
    const crash = { exit: { code: 3, afterSeconds: 2 }, healthyAfterSeconds: NEVER, log };
    simulatedOf(stage.platform.aws.world).script('orders', crash);
    await stage.commit('Break it\n\n::error::forged <script>alert(1)</script>', { VERSION: '2.0.0\n' });
    delivery = await stage.deliver();
  });

  it('is rolled back, and recorded as that', async () => {
    expect(delivery).toMatchObject({ outcome: 'rolled-back', result: { conclusion: 'failure' } });
    expect(await statesOf(stage.platform, 'orders', delivery.change)).toEqual([
      'proposed',
      'built',
      'gated',
      'planned',
      'approved',
      'deploying',
      'rolled-back',
    ]);
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
  it('when a package in it is vulnerable: the packages are named', async () => {
    const run = await beginRun(stage.platform, { service: 'old' });
    await run.write({ Dockerfile: `ARG REGISTRY\nFROM \${REGISTRY}/base/node:24-old\nCMD ["node"]\n` });
    const change = await run.build();
    const played = await run.step('plan', 'gate-on-ecr-findings', { change });
    expect(played).toMatchObject({
      exitCode: 1,
      errors: [{ title: 'FINDINGS_OVER_LIMIT' }],
      outputs: { outcome: 'denied', decision: 'deny', 'reason-code': 'FINDINGS_OVER_LIMIT' },
    });
    expect(changesIn(played.calls)).toEqual([]);
    expect(played.lines.join('\n')).toMatch(/What to do: Update .*openssl/);
    expect(await statesOf(stage.platform, 'old', change)).toEqual(['proposed', 'built', 'denied']);
    const plan = await run.step('plan', 'deploy-ecs-service', { change, mode: 'plan' });
    expectRefusedUnrecorded(plan, 'VERDICT_UNUSABLE', 'it denies the image (2 high findings');
  });
});
