import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';

export const ACCOUNT = '123456789012'; // moto's
export const REGION = 'eu-west-1';

const SCALE = 2000;

export type Double = ReturnType<typeof doubleAt>;

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What differs from one double to the other. */
interface Ways {
  /** Waits in the double's own time. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Makes a user of IAM, that the suites ask for: not every double makes one by a call, or by a stack. */
  readonly user: (name: string, path: string) => Promise<void>;
  /** The id of a key of KMS that signs with ECDSA on P-256, and has the policy that KMS gives a key. */
  readonly signingKey: () => Promise<string>;
}

/** AWS's clients and our adapters' sessions at one double of AWS. */
export function doubleAt(endpoint: string, credentials: Keys, ways: Ways) {
  const base = { region: REGION, local: true, scale: SCALE, userAgent: 'tenant-delivery' };
  const configOf = (attempts?: number) => ({
    ...clientConfig(base, credentials, attempts),
    endpoint,
    forcePathStyle: true, // of S3: a double has one host
  });
  const once = configOf(1);
  return {
    ec2: new EC2Client(once),
    ecr: new ECRClient(once),
    ecs: new ECSClient(once),
    iam: new IAMClient(once),
    secrets: new SecretsManagerClient(once),
    logs: new CloudWatchLogsClient(once),
    topics: new SNSClient(once),
    stacks: new CloudFormationClient(once),
    sts: new STSClient(once),
    config: configOf(),
    once,
    session: {
      clientConfig: (_role: string, attempts?: number) => configOf(attempts),
      target: { tenant: 'acme', environment: 'prod', account: ACCOUNT, region: REGION },
    },
    ...ways,
    /** Ids that earlier exchanges have left there. */
    left: { vpc: '', subnet: '', group: '' },
  };
}

/** Looks again each second of the double's time until there is something, for at most a minute. */
export async function until<T>(
  { sleep }: Pick<Double, 'sleep'>,
  look: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < 60; tries += 1) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(1_000);
  }
  throw new Error('what was waited for never came');
}

/** A question in words, and who asks it: what is said must not differ from one double to the other. */
export type Exchange = readonly [name: string, ask: (double: Double) => Promise<unknown>];

/** What an adapter keeps over each double of AWS. What it needs there it makes by AWS's own calls. */
export interface Promised {
  readonly promise: string;
  readonly keep: (double: Double) => Promise<void>;
}
