import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as timer } from 'node:timers/promises';
import { callerIdentity } from '@tenant-delivery/aws/session/caller-identity';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { exportRotation } from '@tenant-delivery/evidence/rotation-record';
import { verifyEvidence } from '@tenant-delivery/evidence/verify';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { keysOf } from '@tenant-delivery/local-aws/world/keys';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { RunResult } from '@tenant-delivery/local-github';
import { commitFiles, createGitRepository } from '@tenant-delivery/local-github/git/write';
import { startProcess } from '@tenant-delivery/local-github/runner/step/start-process';
import { addApp, installApp } from '@tenant-delivery/local-github/world/app';
import type { Repository } from '@tenant-delivery/local-github/world/repository';
import { ownedBy, storeOf } from '@tenant-delivery/local-github/world/secret-store';
import { type LocalPlatform, startLocalPlatform } from '@tenant-delivery/local-platform';
import { type HeldKey, keyUsers } from '@tenant-delivery/local-platform/key-users';
import { root } from '@tenant-delivery/local-platform/provider-repository';
import { playAndKeep } from './kept-run.ts';
import { ORDERS, type Stage } from './stage.ts';

const { tenant, environment, account, region } = ORDERS;
const SCALE = 30; // times as fast as real time while a run goes on; in between, days pass at once
const CREDENTIAL = 'ci-legacy';
const ESCROW = 'td/rotation/acme-ci';

/** A key that a workflow uses all the time rotates, in virtual days; the first run is killed when the new key is there. */
export async function keyRotation({ terminal, claims, runs }: Stage): Promise<void> {
  const clock = manualClock();
  const platform = await startLocalPlatform({ clock, runtime: 'simulated' });
  try {
    const world = await aKeyInUse(platform, clock);
    const began = clock.now();
    const old = world.keys()[0] ?? '';
    const rotate = async (inputs: Readonly<Record<string, string>> = {}, dies = false) => {
      const killed = new AbortController();
      const result = await world.whileTimeFlows(
        () => dies && world.isAsked() && killed.abort(),
        (variable) =>
          playAndKeep(
            { terminal, runs },
            {
              github: platform.github,
              repository: platform.tenants[tenant]?.contract.operations.repository ?? '',
              workflow: '.github/workflows/rotate-access.yml',
              ref: 'refs/heads/main',
              event: 'workflow_dispatch',
              actor: 'sre-kim',
              approveAs: 'lead-ben', // an acknowledgement is approved before it is believed
              inputs: {
                tenant,
                environment,
                account,
                region,
                credential: CREDENTIAL,
                mode: 'run',
                ...inputs,
              },
              env: { ...platform.runnerEnv, LOCAL_CLOCK: variable },
              actions: platform.actions,
              startAction: (start) =>
                startProcess({ ...start, kill: AbortSignal.any([start.kill, killed.signal]) }),
            },
          ),
      );
      return outcomeOf(result);
    };

    await rotate({}, true);
    const made = world.keys().find((id) => id !== old) ?? '';
    const afterDeath = { slot: world.slot(), keys: world.keys().length };
    await world.pass(HOUR);
    const second = await rotate({ acknowledge: `hq=${fingerprint(made)}` });
    const turned = world.slot();
    world.headquartersTakes(made);
    await world.pass(3 * DAY);
    const third = await rotate();
    const disabled = world.statusOf(old);
    await world.pass(8 * DAY);
    const last = await rotate();
    const report = verifyEvidence(await exportRotation(world.vault, environment, CREDENTIAL), platform.trust);

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
    const days = Math.round((clock.now() - began) / DAY);
    claims.claim(
      `in ${days} days the key was used ${world.users.used()} times, and worked each time`,
      world.users.outages.length === 0 && world.users.used() > 20,
      () => world.users.outages.join(', '),
    );
    claims.claim(
      `its ${report.rotations[0]?.entries ?? 0} signed entries verify offline, with public keys alone`,
      report.holds,
      () => [...report.lines, ...report.rotations].flatMap(({ problems }) => problems).join('; '),
    );
  } finally {
    await platform.close();
  }
}

function outcomeOf(result: RunResult): string {
  const [called] = Object.values(result.needs);
  return called?.outputs['outcome'] ?? '';
}

/** As the pages say that it is made. */
function fingerprint(id: string): string {
  return createHash('sha256')
    .update(account + id)
    .digest('hex')
    .slice(0, 12);
}

/** What the contract of acme names: a user with an old key in escrow, an App, and a repository whose workflow uses the key. */
async function aKeyInUse(platform: LocalPlatform, clock: ManualClock) {
  const { aws, github } = platform;
  const old = seedAccessKey(
    aws.world,
    account,
    seedUser(aws.world, account, { name: 'acme-ci', path: '/td-rotatable/' }),
    61 * DAY,
  );
  seedSecret(aws.world, account, region, { name: ESCROW, value: JSON.stringify(old) });
  const permissions = { secrets: 'write', actions_variables: 'write', actions: 'write' } as const;
  const { app, privateKey } = addApp(github.world, { id: 77, slug: 'rotator', owner: 'acme', permissions });
  installApp(github.world, app, { account: 'acme' });
  seedSecret(aws.world, account, region, { name: 'td/rotation/github-app', value: privateKey });

  const path = join(platform.folder, 'repositories/acme/legacy.git');
  mkdirSync(path, { recursive: true });
  await createGitRepository(path);
  const workflow = readFileSync(join(root, 'templates/workflow-templates/verify-slot.yml'), 'utf8');
  const sha = await commitFiles(path, {
    branch: 'main',
    files: { '.github/workflows/verify-slot.yml': workflow },
    message: 'Begin\n',
    author: { name: 'dev-ana', email: 'dev-ana@users.noreply.github.com' },
  });
  const legacy: Repository = github.addRepository({
    owner: 'acme',
    ownerId: 123456,
    name: 'legacy',
    id: 456790,
    path,
  });
  const holder = { kind: 'repository', repository: legacy } as const;
  const keep = (of: 'secrets' | 'variables', name: string, value: string) =>
    storeOf(github.world, holder)[of].set(name, {
      name,
      value,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    });
  keep('secrets', 'AWS_KEY_ID_A', old.accessKeyId);
  keep('secrets', 'AWS_KEY_SECRET_A', old.secretAccessKey);
  keep('variables', 'AWS_KEY_SLOT', 'A');
  const slot = () => ownedBy(github.world, holder, 'variables')['AWS_KEY_SLOT'] ?? '';
  const at = (place: string): HeldKey | undefined => {
    const { [`AWS_KEY_ID_${place}`]: id, [`AWS_KEY_SECRET_${place}`]: secret } = ownedBy(
      github.world,
      holder,
      'secrets',
    );
    return id && secret ? { id, secret } : undefined;
  };
  let headquarters: HeldKey = { id: old.accessKeyId, secret: old.secretAccessKey };
  const users = keyUsers(
    [
      { name: 'acme/legacy', probe: 'verify-slot.yml', read: async () => at(slot()), at },
      { name: 'hq', read: async () => headquarters },
    ],
    {
      github,
      repository: legacy,
      sha,
      fingerprint,
      now: () => clock.now(),
      every: 20 * HOUR,
      use: ({ id, secret }) => isTaken(aws.url, id, secret),
    },
  );
  const mine = () =>
    usersOf(aws.world, account)['acme-ci']?.keys.filter(({ deleted }) => deleted === undefined) ?? [];
  const vault = platform.tenants[tenant]?.vault(environment);
  if (!vault) throw new Error('the tenant acme is on the platform');
  return {
    users,
    vault,
    slot,
    keys: () => mine().map(({ accessKeyId }) => accessKeyId),
    statusOf: (id: string) =>
      mine()
        .find(({ accessKeyId }) => accessKeyId === id)
        ?.statuses.at(-1)?.status ?? 'deleted',
    created: () =>
      aws.calls
        .filter(({ operation }) => operation === 'CreateAccessKey')
        .reduce((sum, { effects }) => sum + effects, 0),
    escrowed: () =>
      Object.values(secretsOf(aws.world, account, region)[ESCROW]?.versions ?? {})
        .map(({ value }) => value ?? '')
        .join(),
    left: () => Object.keys(ownedBy(github.world, holder, 'secrets')),
    isAsked: () =>
      legacy.runs.some(({ event, conclusion }) => event === 'workflow_dispatch' && conclusion === null),
    headquartersTakes: (id: string) => {
      headquarters = { id, secret: keysOf(aws.world)[id]?.secretAccessKey ?? '' };
    },
    pass: (milliseconds: number) => pass(clock, users, milliseconds),
    /** Time goes on while `work` is under way; `look` is asked now and then, and waiting proofs are answered. */
    async whileTimeFlows<T>(look: () => unknown, work: (variable: string) => Promise<T>): Promise<T> {
      const real = () => performance.timeOrigin + performance.now();
      const [origin, since] = [clock.now(), real()];
      let over = false;
      const flow = async () => {
        for (; !over; await timer(10)) {
          await pass(clock, users, origin + (real() - since) * SCALE - clock.now());
          if (look() !== true) await users.answer();
        }
      };
      const flowing = flow();
      try {
        return await work(`${SCALE},${origin},${since}`);
      } finally {
        over = true;
        await flowing;
      }
    },
  };
}

/** Lets time pass, with all that the users of the key do in it. */
async function pass(
  clock: ManualClock,
  users: ReturnType<typeof keyUsers>,
  milliseconds: number,
): Promise<void> {
  const until = clock.now() + milliseconds;
  for (let next = users.next(); next <= until; next = users.next()) {
    await clock.advance(next - clock.now());
    await users.act();
  }
  await clock.advance(until - clock.now());
}

/** Signs a request with the key, as its users do. */
async function isTaken(endpoint: string, accessKeyId: string, secretAccessKey: string): Promise<boolean> {
  const base = { region, local: true, scale: 1, userAgent: 'a workflow of acme' };
  const config = { ...clientConfig(base, { accessKeyId, secretAccessKey }), endpoint };
  return callerIdentity({ clientConfig: () => config }, 'rotate').then(
    () => true,
    () => false,
  );
}
