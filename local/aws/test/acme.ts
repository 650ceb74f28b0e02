import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { tenantSeed } from '@tenant-delivery/testkit/tenant-seed';
import { parse } from 'yaml';
import { type LocalAws, startLocalAws } from '../src/index.ts';
import { type Issuer, startIssuer } from './an-issuer.ts';

export const ACME = '000011112222';
export const GLOBEX = '000033334444';
export const REGION = 'eu-west-1';
export const VAULT = `td-vault-acme-prod-${ACME}`;

/** A contract of the operations template, with its production alone. */
export function contractOf(tenant: string): unknown {
  const path = join(import.meta.dirname, `../../../templates/operations-repo/tenants/${tenant}.yaml`);
  const contract = parse(readFileSync(path, 'utf8')) as { environments: { prod: unknown } }; // our own file
  return { ...contract, environments: { prod: contract.environments.prod } };
}

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Two tenants, an issuer, and the operators' keys. */
export interface Stage {
  readonly aws: LocalAws;
  readonly issuer: Issuer;
  readonly acme: Keys;
  readonly globex: Keys;
  /** What every client needs, with somebody's keys. */
  as(credentials: Keys): { readonly endpoint: string; readonly region: string; readonly credentials: Keys };
  /** A session of one of acme's roles for a job with these claims. */
  assume(role: string, claims: Readonly<Record<string, unknown>>): Promise<Keys>;
  close(): Promise<void>;
}

export async function stage(options: Parameters<typeof startLocalAws>[0] = {}): Promise<Stage> {
  const issuer = await startIssuer();
  const aws = await startLocalAws({ runtime: 'simulated', issuer: issuer.url, ...options });
  const acme = await aws.seedTenant(contractOf('acme'), tenantSeed(contractOf('acme')));
  const globex = await aws.seedTenant(contractOf('globex'), tenantSeed(contractOf('globex')));
  const as = (credentials: Keys) => ({ endpoint: aws.url, region: REGION, credentials });
  return {
    aws,
    issuer,
    acme,
    globex,
    as,
    assume: async (role, claims) => {
      const sts = new STSClient({
        endpoint: aws.url,
        region: REGION,
        credentials: { accessKeyId: '', secretAccessKey: '' },
      });
      const { Credentials } = await sts.send(
        new AssumeRoleWithWebIdentityCommand({
          RoleArn: `arn:aws:iam::${ACME}:role/td/prod/td-prod-${role}`,
          RoleSessionName: 'td-acme-prod-1-1',
          WebIdentityToken: issuer.token(claims),
        }),
      );
      return {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      };
    },
    close: async () => {
      await aws.close();
      await issuer.close();
    },
  };
}

/** What a client threw: the error's name and message. */
export async function refusal(
  work: Promise<unknown>,
): Promise<{ readonly name: string; readonly message: string; readonly status: number }> {
  try {
    await work;
  } catch (thrown) {
    const error = thrown as Error & { $metadata?: { httpStatusCode?: number } }; // SDK clients throw nothing else
    return { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode ?? 0 };
  }
  throw new Error('it was not refused');
}
