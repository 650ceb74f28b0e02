import { DAY, HOUR } from '@tenant-delivery/domain';
import { exportRotation } from '@tenant-delivery/evidence/rotation-record';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { RunResult } from '@tenant-delivery/local-github';
import { startProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { playAndKeep } from './kept-run.ts';
import { aKeyInUse, fingerprint } from './key-in-use.ts';
import { PassingDays } from './passing-days.ts';
import { ORDERS, type Stage } from './stage.ts';

const { tenant, environment, account, region } = ORDERS;
const CREDENTIAL = 'ci-legacy';

type World = Awaited<ReturnType<typeof aKeyInUse>>;

/** A key that a workflow uses all the time rotates, in virtual days; the first run is killed when the new key is there. */
export async function keyRotation(stage: Stage): Promise<void> {
  const clock = manualClock();
  const platform = await startLocalPlatform({ clock, runtime: 'simulated' });
  try {
    const world = await aKeyInUse(platform, clock);
    const began = clock.now();
    const seen = await fourRuns(stage, platform, world, new PassingDays(clock, world.users));
    claimRotated(stage, world, seen, Math.round((clock.now() - began) / DAY));
    await claimRecord(stage, platform);
  } finally {
    await platform.close();
  }
}

/** How each of four runs ended, and what was there after it. */
async function fourRuns(stage: Stage, platform: LocalPlatform, world: World, days: PassingDays) {
  const rotate = async (inputs: Readonly<Record<string, string>> = {}, dies = false) => {
    const killed = new AbortController();
    const kill = () => {
      if (dies && world.isAsked()) killed.abort();
    };
    const run = (clock: string) => playRotation(stage, platform, inputs, { clock, killed: killed.signal });
    return outcomeOf(await days.flowDuring(kill, run));
  };
  const old = world.keys()[0] ?? '';
  await rotate({}, true);
  const made = world.keys().find((id) => id !== old) ?? '';
  const afterDeath = { slot: world.slot(), keys: world.keys().length };
  await days.pass(HOUR);
  const second = await rotate({ acknowledge: `hq=${fingerprint(made)}` });
  const turned = world.slot();
  world.headquartersTakes(made);
  await days.pass(3 * DAY);
  const third = await rotate();
  const disabled = world.statusOf(old);
  await days.pass(8 * DAY);
  return { made, afterDeath, second, turned, third, disabled, last: await rotate() };
}

async function playRotation(
  stage: Stage,
  platform: LocalPlatform,
  inputs: Readonly<Record<string, string>>,
  { clock, killed }: { readonly clock: string; readonly killed: AbortSignal },
): Promise<RunResult> {
  return playAndKeep(stage, {
    github: platform.github,
    repository: platform.tenants[tenant]?.contract.operations.repository ?? '',
    workflow: '.github/workflows/rotate-access.yml',
    ref: 'refs/heads/main',
    event: 'workflow_dispatch',
    actor: 'sre-kim',
    approveAs: 'lead-ben', // an acknowledgement is approved before it is believed
    inputs: { tenant, environment, account, region, credential: CREDENTIAL, mode: 'run', ...inputs },
    env: { ...platform.runnerEnv, LOCAL_CLOCK: clock },
    actions: platform.actions,
    startAction: (start) => startProcess({ ...start, kill: AbortSignal.any([start.kill, killed]) }),
  });
}

function outcomeOf(result: RunResult): string {
  const [called] = Object.values(result.needs);
  return called?.outputs['outcome'] ?? '';
}

function claimRotated(
  { terminal, claims }: Stage,
  world: World,
  seen: Awaited<ReturnType<typeof fourRuns>>,
  days: number,
): void {
  const { made, afterDeath, second, turned, third, disabled, last } = seen;
  terminal.line(terminal.bold('A key that a workflow uses all the time rotates'));
  claims.claim(
    `the first run was killed once the key ${fingerprint(made)} was made: it is in escrow, and users still have the old one`,
    afterDeath.keys === 2 && afterDeath.slot === 'A' && world.escrowed().includes(made),
    () => JSON.stringify(afterDeath),
  );
  claims.claim(
    'the second went on with that very key, brought it to the other slot, had it shown there, and changed over by one write',
    second === 'in-progress' && turned === 'B' && world.created() === 1,
    () => `${second}, slot ${turned}, ${world.created()} keys made`,
  );
  claims.claim(
    'the third came three days later: nobody had used the old key, and it was disabled',
    third === 'in-progress' && disabled === 'Inactive',
    () => `${third}, the old key is ${disabled}`,
  );
  claims.claim(
    'the last came after the grace: the old key is deleted, and gone from its slot',
    last === 'rotated' && world.keys().join() === made && !world.left().some((name) => name.endsWith('_A')),
    () => `${last}, ${world.keys().length} keys, ${world.left().join()}`,
  );
  claims.claim(
    `in ${days} days the key was used ${world.users.used()} times, and worked each time`,
    world.users.outages.length === 0 && world.users.used() > 20,
    () => world.users.outages.join(', '),
  );
}

async function claimRecord({ claims }: Stage, { tenants, trust }: LocalPlatform): Promise<void> {
  const vault = tenants[tenant]?.vault(environment);
  if (!vault) throw new Error('the tenant acme is on the platform');
  const report = verifyEvidence(await exportRotation(vault, environment, CREDENTIAL), trust);
  claims.claim(
    `its ${report.rotations[0]?.entries ?? 0} signed entries verify offline, with public keys alone`,
    report.holds,
    () => [...report.lines, ...report.rotations].flatMap(({ problems }) => problems).join('; '),
  );
}
