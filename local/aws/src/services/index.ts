import type { Handler, Service } from '../world/service.ts';
import { tokenGiven, tokenTaken } from '../world/tokens.ts';
import { applicationAutoscaling } from './application-autoscaling.ts';
import { backup } from './backup.ts';
import { cloudcontrol } from './cloudcontrol.ts';
import { cloudformation } from './cloudformation.ts';
import { cloudtrail } from './cloudtrail.ts';
import { cloudwatch } from './cloudwatch.ts';
import { ec2 } from './ec2.ts';
import { ecr } from './ecr.ts';
import { ecs } from './ecs.ts';
import { elasticloadbalancing } from './elasticloadbalancing.ts';
import { iam } from './iam.ts';
import { inspector2 } from './inspector2.ts';
import { kms } from './kms.ts';
import { logs } from './logs.ts';
import { s3 } from './s3.ts';
import { secretsmanager } from './secretsmanager.ts';
import { servicequotas } from './servicequotas.ts';
import { sns } from './sns.ts';
import { ssm } from './ssm.ts';
import { sts } from './sts.ts';

/** A new service is added here and, with its protocol, in wire/dialects.ts. */
const every: readonly Service[] = [
  applicationAutoscaling,
  backup,
  cloudcontrol,
  cloudformation,
  cloudtrail,
  cloudwatch,
  ec2,
  ecr,
  ecs,
  elasticloadbalancing,
  iam,
  inspector2,
  kms,
  logs,
  s3,
  secretsmanager,
  servicequotas,
  sns,
  ssm,
  sts,
];

/** Every service that answers. The token of a page is good for the operation that gave it alone. */
export const services: readonly Service[] = every.map((service) => ({
  ...service,
  operations: Object.fromEntries(
    Object.entries(service.operations).map(([name, handler]): [string, Handler] => [
      name,
      async (input, call) => tokenGiven(name, await handler(tokenTaken(name, input), call)),
    ]),
  ),
}));
