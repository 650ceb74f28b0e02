import type { Call } from '../../world/service.ts';
import type { Ask, Asks } from '../ask.ts';
import { actionReference } from '../reference.ts';
import { backupAsks } from './backup.ts';
import { cloudcontrolAsks } from './cloudcontrol.ts';
import { cloudformationAsks } from './cloudformation.ts';
import { ec2Asks } from './ec2.ts';
import { ecrAsks } from './ecr.ts';
import { ecsAsks } from './ecs.ts';
import { balancingAsks } from './elasticloadbalancing.ts';
import { iamAsks } from './iam.ts';
import { cloudwatchAsks, kmsAsks, logsAsks, ssmAsks, stsAsks } from './others.ts';
import { s3Asks } from './s3.ts';
import { secretsmanagerAsks } from './secretsmanager.ts';
import { servicequotasAsks } from './servicequotas.ts';
import { snsAsks } from './sns.ts';

/** By the service's name in the credential scope. */
const ASKS: Readonly<Record<string, Readonly<Record<string, Asks>>>> = {
  cloudcontrolapi: cloudcontrolAsks,
  cloudformation: cloudformationAsks,
  backup: backupAsks,
  ec2: ec2Asks,
  ecr: ecrAsks,
  ecs: ecsAsks,
  elasticloadbalancing: balancingAsks,
  iam: iamAsks,
  kms: kmsAsks,
  logs: logsAsks,
  monitoring: cloudwatchAsks,
  s3: s3Asks,
  secretsmanager: secretsmanagerAsks,
  servicequotas: servicequotasAsks,
  sns: snsAsks,
  ssm: ssmAsks,
  sts: stsAsks,
};

/** What IAM is asked for a request. An action that knows no resources is asked with `*`; it needs no entry above. */
export function asksOf(service: string, operation: string, input: object, call: Call): readonly Ask[] {
  const known = ASKS[service]?.[operation];
  if (known) return known(input, call);
  const action = `${service}:${operation}`;
  if (actionReference(action)?.resourceTypes.length === 0) return [{ action, resource: '*' }];
  throw new Error(`local-aws does not know what IAM is asked for ${action}`);
}
