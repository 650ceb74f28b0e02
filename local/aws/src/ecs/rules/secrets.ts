import type { Secret } from '@aws-sdk/client-ecs';
import type { Call } from '../../world/service.ts';
import {
  containersOf,
  type Definition,
  definitionRules,
  FARGATE,
  needsFargate,
  repeated,
} from './definition.ts';
import { container, onFargate } from './examples.ts';

const SECRET: Secret = {
  name: 'PASSWORD',
  valueFrom: 'arn:aws:secretsmanager:eu-west-1:000011112222:secret:orders-AbCdEf',
};

function secretsIn(input: Definition): readonly Secret[] {
  return containersOf(input).flatMap(({ secrets = [], logConfiguration }) => [
    ...secrets,
    ...(logConfiguration?.secretOptions ?? []),
  ]);
}

/** An image of ECR: of AWS's, or of the registry here. */
function isInEcr(image: string, { world }: Call): boolean {
  const host = image.split('/')[0] ?? '';
  return /^\d{12}\.dkr[.-]ecr[.-]/.test(host) || (world.url !== '' && host === new URL(world.url).host);
}

const ARN =
  /^arn:aws[a-z-]*:(ssm:[a-z0-9-]+:\d{12}:parameter\/.+|secretsmanager:[a-z0-9-]+:\d{12}:secret:.+)$/;
const PARAMETER = /^[a-zA-Z0-9_.\-/]{1,2048}(:[a-zA-Z0-9_.-]+)?$/;

export const secretRules = [
  ...definitionRules('Secret - Amazon Elastic Container Service API Reference', [
    {
      says: 'A secret is the ARN of a secret or a parameter, or the name of a parameter.',
      *mistakes(input) {
        for (const { name, valueFrom = '' } of secretsIn(input)) {
          if (valueFrom.startsWith('arn:') ? ARN.test(valueFrom) : PARAMETER.test(valueFrom)) continue;
          yield valueFrom.startsWith('arn:')
            ? 'Invalid arn syntax'
            : `The Systems Manager parameter name specified for secret ${name} is invalid. The parameter name can be up to 2048 characters and include the following letters and symbols: a-zA-Z0-9_.-,`;
        }
      },
      shownBy: [
        container({ secrets: [{ ...SECRET, valueFrom: 'orders:password::' }] }),
        container({ secrets: [{ ...SECRET, valueFrom: '' }] }),
        container({ secrets: [{ ...SECRET, valueFrom: 'not a name' }] }),
        container({ secrets: [{ ...SECRET, valueFrom: 'arn:aws:s3:::orders/password' }] }),
      ],
    },
    {
      says: 'A secret has a name that no other secret or variable of its container has.',
      *mistakes(input) {
        for (const { secrets = [], environment = [] } of containersOf(input)) {
          const names = secrets.map(({ name }) => name ?? '');
          if (names.includes('')) yield 'The secret name should not be null or empty.';
          const variables = environment.map(({ name }) => name);
          const shared = [...repeated(names), ...names.filter((name) => variables.includes(name))];
          for (const name of new Set(shared))
            yield `The secret name must be unique and not shared with any new or existing environment variables set on the container, such as '${name}'.`;
        }
      },
      shownBy: [
        container({ secrets: [SECRET, SECRET] }),
        container({ secrets: [SECRET], environment: [{ name: 'PASSWORD', value: 'x' }] }),
        container({ secrets: [{ ...SECRET, name: '' }] }),
      ],
    },
  ]),
  ...definitionRules('Amazon ECS task execution IAM role', [
    {
      says: 'Secrets and credentials of a registry are read under the execution role.',
      *mistakes(input) {
        if (input.executionRoleArn) return; // ECS takes an empty role for none
        if (secretsIn(input).length > 0)
          yield "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.";
        if (containersOf(input).some(({ repositoryCredentials }) => repositoryCredentials !== undefined))
          yield "When you are specifying repository credentials, you must also specify a value for 'executionRoleArn'.";
      },
      shownBy: [
        { ...container({ secrets: [SECRET], image: 'orders' }), executionRoleArn: undefined },
        {
          ...container({
            image: 'orders',
            repositoryCredentials: { credentialsParameter: SECRET.valueFrom },
          }),
          executionRoleArn: undefined,
        },
      ],
    },
    {
      says: 'Fargate pulls from ECR and writes to CloudWatch under the execution role.',
      *mistakes(input, call) {
        if (!needsFargate(input) || input.executionRoleArn) return;
        const containers = containersOf(input);
        const need = 'Fargate requires task definition to have execution role ARN to support';
        if (containers.some(({ image = '' }) => isInEcr(image, call))) yield `${need} ECR images.`;
        if (containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awslogs'))
          yield `${need} log driver awslogs.`;
      },
      shownBy: [
        onFargate({ executionRoleArn: undefined }),
        {
          ...container({
            image: 'orders',
            logConfiguration: {
              logDriver: 'awslogs',
              options: { 'awslogs-group': 'a', 'awslogs-region': 'b', 'awslogs-stream-prefix': 'c' },
            },
          }),
          executionRoleArn: undefined,
        },
      ],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'A container reads at most ten files of variables, each an object of S3 whose name ends in .env.',
      *mistakes(input) {
        for (const { environmentFiles = [] } of containersOf(input)) {
          if (environmentFiles.length > 10)
            yield 'The maximum number of environment files was exceeded. Specify ten or less and try again.';
          for (const { value = '' } of environmentFiles) {
            if (!/^arn:aws[a-z-]*:s3:::[^/]+\/.+$/.test(value)) yield 'Invalid arn syntax';
            else if (!value.endsWith('.env'))
              yield `The environment file ${value} must have a .env file extension.`;
          }
        }
      },
      shownBy: [
        container({ environmentFiles: [{ type: 's3', value: 's3://config/orders.env' }] }),
        container({ environmentFiles: [{ type: 's3', value: 'arn:aws:s3:::config/orders.txt' }] }),
        container({
          environmentFiles: Array.from({ length: 11 }, (_, at) => ({
            type: 's3',
            value: `arn:aws:s3:::config/${at}.env`,
          })),
        }),
      ],
    },
    {
      says: 'Credentials of a registry are a secret, by ARN or name.',
      *mistakes(input) {
        for (const { repositoryCredentials } of containersOf(input))
          if (repositoryCredentials?.credentialsParameter === '')
            yield 'repositoryCredentials.credentialsParameter should not be null or empty.';
      },
      shownBy: [container({ repositoryCredentials: { credentialsParameter: '' } })],
    },
  ]),
];
