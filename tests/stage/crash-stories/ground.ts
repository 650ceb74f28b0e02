import { ECRClient } from '@aws-sdk/client-ecr';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { type LocalAws, startLocalAws } from '@tenant-delivery/local-aws';
import { secretsOf, seedSecret } from '@tenant-delivery/local-aws/services/secretsmanager';
import { type ManualClock, manualClock } from '@tenant-delivery/local-aws/world/manual-clock';
import { ORDERS } from '../acme.ts';

/*
 * Each kind of credential in a small world of its own, on local-aws and local-github: who uses it all the time, what people
 * do for it, and what must be true at the end. Besides it there is one more of its kind, which nobody may touch.
 */
export const { account, region } = ORDERS;
export const APP_KEY = 'td/rotation/github-app';
const OTHER = 'td/rotation/other';

export interface Ground {
  readonly aws: LocalAws;
  readonly clock: ManualClock;
}

/** An account with what belongs to others. */
export async function ground(): Promise<Ground> {
  const clock = manualClock();
  const aws = await startLocalAws({ clock, runtime: 'simulated' });
  aws.addAccount(account);
  seedSecret(aws.world, account, region, { name: OTHER, value: 'of others' });
  return { aws, clock };
}

/** Clients that ask AWS past all doors. */
export function clients(
  { aws }: Ground,
  credentials: ReturnType<LocalAws['addAccount']> = aws.addAccount(account),
) {
  const config = { region, endpoint: aws.url, credentials };
  return {
    ecr: new ECRClient(config),
    secrets: new SecretsManagerClient(config),
    sts: new STSClient(config),
  };
}

export function versionsOf({ aws }: Ground, secret: string) {
  const found = Object.entries(secretsOf(aws.world, account, region)[secret]?.versions ?? {});
  return (label: string) => {
    const [id, version] = found.find(([, { stages }]) => stages.includes(label)) ?? [];
    return id === undefined ? undefined : { id, value: String(version?.value) };
  };
}

/** Says what is not so. */
export function expected(facts: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.entries(facts).flatMap(([fact, holds]) => (holds ? [] : [`not so at the end: ${fact}`]));
}

export const ownedByOthers = (at: Ground) => versionsOf(at, OTHER)('AWSCURRENT')?.value === 'of others';
export const settled = (at: Ground, secret: string) => versionsOf(at, secret)('TDPENDING') === undefined;
