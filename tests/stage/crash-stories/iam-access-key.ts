import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import type { CredentialOf } from '@tenant-delivery/credentials/kinds';
import { DAY, HOUR } from '@tenant-delivery/domain';
import { seedAccessKey, seedUser, usersOf } from '@tenant-delivery/local-aws/services/iam';
import { seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import { opening as accessKey } from '@tenant-delivery/rotate-access/agreed/iam-access-key';
import type { Story } from '../crashed-rotation.ts';
import { allowing, putRoleWith } from '../granting.ts';
import { openedRun } from '../opened-run.ts';
import {
  APP_KEY,
  account,
  clients,
  expected,
  ground,
  ownedByOthers,
  region,
  settled,
  versionsOf,
} from './ground.ts';

const SYSTEM = 'td/prod/legacy-key';
const ACCESS: CredentialOf<'iam-access-key'> & { readonly id: string } = {
  kind: 'iam-access-key',
  id: 'ci-legacy',
  user: 'td-rotatable/acme-ci',
  escrow: 'td/rotation/acme-ci',
  consumers: [{ kind: 'secrets-manager', secret: SYSTEM, reader: 'legacy-task', cadenceHours: 24 }],
};

/** A system reads the key from its secret twice a day, and uses it at once and twenty hours later. */
export async function accessKeyStory(): Promise<Story> {
  const at = await ground();
  const { aws, clock } = at;
  const user = seedUser(aws.world, account, { name: 'acme-ci', path: '/td-rotatable/' });
  const neighbour = seedUser(aws.world, account, { name: 'acme-other', path: '/td-rotatable/' });
  const old = seedAccessKey(aws.world, account, user, 61 * DAY);
  const theirs = seedAccessKey(aws.world, account, neighbour, 61 * DAY);
  for (const name of [ACCESS.escrow, SYSTEM])
    seedSecret(aws.world, account, region, { name, value: JSON.stringify(old) });
  seedSecret(aws.world, account, region, { name: APP_KEY, value: 'no consumer is in GitHub' });
  putRoleWith(aws, account, { name: 'legacy-task', policy: allowing(['secretsmanager:GetSecretValue']) });
  const outages: string[] = [];
  const working: { readonly until: number; readonly key: typeof old }[] = [];
  let next = clock.now();
  const use = async (key: typeof old) => {
    await clients(at, key)
      .sts.send(new GetCallerIdentityCommand({}))
      .catch(() => outages.push(`the system's key did not work at ${new Date(clock.now()).toISOString()}`));
  };
  const act = async () => {
    for (const done of working.splice(0).filter((one) => one.until <= clock.now() || !working.push(one)))
      await use(done.key);
    if (next > clock.now()) return;
    next = clock.now() + 12 * HOUR;
    const arn = `arn:aws:sts::${account}:assumed-role/legacy-task/task-1`;
    const reader = issueSession(aws.world, { account, arn }, clock.now() + HOUR);
    const { secrets } = clients(at, reader);
    const { SecretString = '' } = await secrets.send(new GetSecretValueCommand({ SecretId: SYSTEM }));
    const key: typeof old = JSON.parse(SecretString);
    await use(key);
    working.push({ until: clock.now() + 20 * HOUR, key });
  };
  const keysOf = (name: string) =>
    (usersOf(aws.world, account)[name]?.keys ?? []).filter(({ deleted }) => deleted === undefined);
  const idIn = (secret: string): unknown =>
    JSON.parse(versionsOf(at, secret)('AWSCURRENT')?.value ?? '{}').accessKeyId;
  return {
    ...at,
    secrets: [old.secretAccessKey],
    pass: async (milliseconds) => {
      const until = clock.now() + milliseconds;
      for (;;) {
        const due = Math.min(next, ...working.map((one) => one.until));
        if (due > until) break;
        await clock.advance(Math.max(0, due - clock.now()));
        await act();
      }
      await clock.advance(Math.max(0, until - clock.now()));
    },
    people: async () => ({}),
    run: async (world, given) => (await openedRun(world, accessKey, ACCESS, given)).go(),
    violations: () => outages,
    judgeEnd: () => {
      const [left, second] = keysOf('acme-ci');
      return expected({
        'one key is left': left !== undefined && second === undefined,
        'it is another': left?.accessKeyId !== old.accessKeyId,
        'escrow has it': idIn(ACCESS.escrow) === left?.accessKeyId,
        'the system has it': idIn(SYSTEM) === left?.accessKeyId,
        'nothing waits': settled(at, ACCESS.escrow) && settled(at, SYSTEM),
        "the neighbour's key is as it was": keysOf('acme-other')[0]?.accessKeyId === theirs.accessKeyId,
        'what others own is as it was': ownedByOthers(at),
      });
    },
    close: () => aws.close(),
  };
}
