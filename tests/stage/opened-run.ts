import { expect } from '@jest/globals';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';
import type { CredentialOf, KindName } from '@tenant-delivery/credentials/kinds';
import { templateContract } from '@tenant-delivery/delivery/test/in-memory-delivery';
import { HOUR, type Role } from '@tenant-delivery/domain';
import type { LocalAws } from '@tenant-delivery/local-aws';
import { issueSession } from '@tenant-delivery/local-aws/world/keys';
import type { ManualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import type { Around, CredentialOpening } from '@tenant-delivery/rotate-access/agreed/opening';
import { refusingVault } from '@tenant-delivery/rotation/dry-run';
import { redaction } from '@tenant-delivery/rotation/redaction';
import { clearCredential } from '@tenant-delivery/tenancy/credential-clearance';
import { rotationRole, subjectArn } from '@tenant-delivery/tenancy/credential-subject';
import { fakeRunner } from '@tenant-delivery/testkit/fake-runner';
import type { Vault } from '@tenant-delivery/vault/ports';
import { seedRolesFor } from './rotating-roles.ts';
import { ORDERS } from './stage.ts';

const { tenant, environment, account, region } = ORDERS;
const PLACE = { tenant, environment, account, region };

export interface World {
  readonly aws: LocalAws;
  readonly clock: ManualClock;
  readonly vault: Vault;
  /** Lets time pass, with all that others do in it. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Where GitHub is, for kinds that ask it. */
  readonly apiUrl?: string;
  /** Hears of every secret of a run. */
  readonly heard?: (secret: string) => void;
}

let runs = 0;

const agreed = new WeakMap<LocalAws, (object & { readonly id: string })[]>();

/** Gives the account the roles of a contract that has this credential beside those before it. */
async function agree(aws: LocalAws, credential: object & { readonly id: string }): Promise<void> {
  const known = agreed.get(aws) ?? [];
  agreed.set(aws, known);
  if (known.some((one) => JSON.stringify(one) === JSON.stringify(credential))) return;
  known.push(credential);
  await seedRolesFor(aws, known);
}

/** One run of a credential: what rotate-access opens for its kind, by a session of the role of its kind. */
export async function openedRun<Kind extends KindName>(
  world: World,
  opening: CredentialOpening<Kind>,
  credential: CredentialOf<Kind> & { readonly id: string },
  given: Readonly<Record<string, string>> = {},
) {
  const { aws, clock, vault, pass, apiUrl } = world;
  const role = rotationRole(credential.kind);
  runs += 1;
  const process = `run-${runs}`;
  const arn = `arn:aws:sts::${account}:assumed-role/td-${environment}-${role}/td-${tenant}-${environment}-${runs}-1`;
  const roleArn = `arn:aws:iam::${account}:role/td/${environment}/td-${environment}-${role}`;
  await agree(aws, credential);
  const principal = { account, arn, roleArn };
  const issued = issueSession(aws.world, principal, clock.now() + HOUR);
  const credentials = { ...issued, expiration: new Date(8.64e15) };
  const base = { region, local: true, scale: Number.MAX_SAFE_INTEGER, turnAfter: pass, userAgent: 'tests' };
  const session = {
    clock: { now: () => clock.now(), sleep: pass },
    clientConfig: (asked: Role, attempts?: number) => {
      expect(asked).toBe(role);
      return clientConfig(base, async () => credentials, attempts);
    },
  };
  const masks = redaction({ mask: (text) => world.heard?.(text) });
  const contract = templateContract(tenant);
  const around = {
    runner: fakeRunner(apiUrl === undefined ? {} : { context: { apiUrl } }),
    given: { mode: 'run', credential: credential.id, ...given },
    place: PLACE,
    session,
    masks,
    sleep: pass,
    frame: { claims: { environment: `${tenant}-${environment}-approval` } },
    environment: contract.environments[environment],
    process,
  } as unknown as Around; // of the rest nothing is asked
  const admission = {
    place: PLACE,
    contract,
    contractDigest: `sha256:${'0'.repeat(64)}`,
    environment: contract.environments[environment],
    credential,
    subject: subjectArn(PLACE, credential),
  } as unknown as Parameters<typeof clearCredential>[0]; // as judgeCredential makes it
  const seen = {
    identity: { account, arn, partition: 'aws' },
    region,
    subject: await opening.subject(credential, around),
  };
  const clearance = clearCredential(admission, seen, clock.now()) as unknown as Parameters<
    typeof opening.open
  >[0]; // of this credential
  const { rotatable, time } = await opening.open(clearance, around);
  const by = { run: `${runs}`, attempt: 1, actor: 'schedule', commit: 'c0ffee', process };
  return {
    go: () => rotatable.rotate({ vault, time, sleep: pass, by, clean: masks.clean }),
    plan: () => rotatable.plan({ vault: refusingVault(vault), time }),
  };
}
