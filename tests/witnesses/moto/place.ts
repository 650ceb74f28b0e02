import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { clientConfig } from '@tenant-delivery/aws/session/client-config';

export const ACCOUNT = '123456789012'; // moto's
export const REGION = 'eu-west-1';

export type Place = ReturnType<typeof placeAt>;

/** AWS's clients and our adapters' sessions at one double of AWS. */
export function placeAt(
  endpoint: string,
  credentials: { readonly accessKeyId: string; readonly secretAccessKey: string },
) {
  const given = { region: REGION, endpoint, credentials, maxAttempts: 1 };
  const base = { region: REGION, local: true, scale: 1000, userAgent: 'tenant-delivery' };
  const config = { ...clientConfig(base, credentials, 1), endpoint, forcePathStyle: true };
  return {
    ec2: new EC2Client(given),
    ecr: new ECRClient(given),
    ecs: new ECSClient(given),
    secrets: new SecretsManagerClient(given),
    logs: new CloudWatchLogsClient(given),
    topics: new SNSClient(given),
    stacks: new CloudFormationClient(given),
    sts: new STSClient(given),
    config,
    session: {
      clientConfig: () => config,
      target: { tenant: 'acme', environment: 'prod', account: ACCOUNT, region: REGION },
    },
    /** Ids that earlier exchanges have left there. */
    left: { vpc: '', subnet: '', group: '' },
  };
}

/** A question in words, and who asks it: what is said must not differ from one double to the other. */
export type Exchange = readonly [name: string, ask: (place: Place) => Promise<unknown>];
