import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { callRates } from '@tenant-delivery/local-aws';
import { type ScenarioName, scenarios } from '@tenant-delivery/local-aws/scenarios/index';
import { ROWS } from '../stage/deploy-rows.ts';
import { type VirtualStage, virtualStage } from '../stage/virtual-stage.ts';
import { type Witnessed, witnessedDeploy, witnessedOn } from '../stage/witnessed-deploy.ts';

const LOOKS = 5; // seconds between two looks of the action; a phase in between, so that nothing is seen as it happens

test.each(ROWS)('$what: $ends, said in time, and never green before', async (row) => {
  const seen = await witnessedDeploy({ ...row, phase: LOOKS / 2 });
  expect(endOf(seen)).toBe(row.ends);
  expect(toldBy(seen)).toMatch(row.says);
  expect(seen.lies).toEqual([]);
  const late = seen.noticedAt - (row.known(seen) ?? Number.NaN);
  expect(late).toBeGreaterThanOrEqual(0);
  expect(late).toBeLessThanOrEqual(row.within);
});

/** Releases that end well, whatever happens around them. */
const WELL = [
  'anomaly',
  'balancer-internal-error',
  'capacity-unavailable',
  'checks-disabled',
  'healthy',
  'in-batches',
  'one-crash',
  'scaled-out-meanwhile',
  'share-grows-slowly',
  'slow-start-within-grace',
  'spot-interruption',
  'stopped-by-a-person',
  'zone-shifted-away',
];

/**
 * The class under which each failure of a release is explained that no row above has; a pattern where no task ended.
 * They share a stage: those that change how the service was provisioned come last.
 */
const CLASSES: readonly (readonly [ScenarioName, string | RegExp])[] = [
  ['address-unusable', 'target-never-healthy'],
  ['checks-refused', 'target-unhealthy'],
  ['checks-timeout', 'target-unhealthy'],
  ['checks-wrong-code', 'target-unhealthy'],
  ['command-not-started', 'command-not-started'],
  ['crash-after-healthy', 'crash'],
  ['image-denied', 'image-pull-refused'],
  ['image-for-another-platform', 'wrong-platform'],
  ['image-not-found', 'image-pull-refused'],
  ['image-timeout', 'image-pull-failed'],
  ['log-group-missing', 'log-refused'],
  ['out-of-memory', 'out-of-memory'],
  [
    'placement-impossible',
    /time limit is over \(ECS: .*was unable to place a task\. Reason: You've reached the lim/,
  ],
  ['secret-denied', 'secret-refused'],
  ['secret-not-found', 'secret-refused'],
  ['secret-timeout', 'start-resources-unreachable'],
  ['container-check-fails', 'container-unhealthy'],
  ['deployment-stopped-by-a-person', /rolled back: Rollback was requested with StopServiceDeployment/],
  ['target-group-unused', /is on no listener, so its targets never become healthy/],
];

describe('a release that fails', () => {
  let stage: VirtualStage; // the process has one at a time: the SDK finds it in the environment
  /** AWS answers at once here: whether ECS gives up a release that crashes every forty seconds is a matter of the moment. */
  beforeAll(async () => {
    stage = await virtualStage({ seed: '' });
  });
  afterAll(() => stage.close());

  test.each(['one-crash', 'spot-interruption', 'stopped-by-a-person'] as const)(
    'for a while is not given up: %s',
    async (name) => {
      const seen = await witnessedOn(stage, { scenario: scenarios[name] });
      expect([endOf(seen), seen.lies, seen.deaths.length]).toEqual(['deployed', [], 1]);
    },
  );

  test.each(CLASSES)('%s is explained as what it is: %s', async (name, expected) => {
    const seen = await witnessedOn(stage, { scenario: scenarios[name], inputs: { 'timeout-minutes': '2' } });
    expect(['rolled-back', 'timed-out', 'PREFLIGHT_FAILED']).toContain(endOf(seen));
    const told = toldBy(seen);
    const [first] = told.match(/(?<=^Cause: )[a-z-]+/m) ?? [];
    if (typeof expected === 'string') expect(first).toBe(expected);
    else expect([first, told]).toEqual([undefined, expect.stringMatching(expected)]);
    expect(seen.lies).toEqual([]);
  });
});

test('every scenario is one of those, or a release that ends well', () => {
  const failing = [...CLASSES.map(([name]) => scenarios[name]), ...ROWS.map(({ scenario }) => scenario)];
  const rest = Object.entries(scenarios).filter(
    ([, scenario]) => !failing.some(({ says }) => says === scenario.says),
  );
  expect(rest.map(([name]) => name)).toEqual(WELL);
});

test.each([4, 50])(
  'a rolling deploy of ten minutes, a quarter of %d tasks after the other, costs 150 requests and 0.5 a second of a kind at the most',
  async (tasks) => {
    const { given, ...scenario } = scenarios['in-batches'];
    const size = { minimumHealthyPercent: 100, maximumPercent: 125, desiredCount: tasks };
    // counted where AWS answers at once: each list that comes late costs a question more
    const seen = await witnessedDeploy(
      { scenario: { ...scenario, given: { ...given, size } } },
      { seed: '' },
    );
    expect([endOf(seen), seen.lies]).toEqual(['deployed', []]);
    expect(seen.endedAt).toBeGreaterThan(595);
    const rates = callRates(seen.deployed.calls);
    const requests = rates.reduce((sum, rate) => sum + rate.requests, 0);
    expect(requests).toBeLessThanOrEqual(150);
    const over = rates.filter(({ published, mostPerTenSeconds }) => published && mostPerTenSeconds > 5);
    expect(over).toEqual([]);
  },
);

function endOf({ deployed: { outcome } }: Witnessed): string {
  if (!(outcome instanceof Error)) return outcome.outcome;
  return outcome instanceof Failure ? outcome.code : String(outcome);
}

/** All that a reader sees: the log, and the headline of the end. */
function toldBy({ said, deployed: { outcome } }: Witnessed): string {
  const end = outcome instanceof Error ? outcome.message : outcome.headline;
  return [...said.map(({ what }) => what), end].join('\n');
}
