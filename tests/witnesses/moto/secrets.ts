import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
} from '@aws-sdk/client-secrets-manager';
import { secretMetadata } from '@tenant-delivery/aws/secrets/secret-metadata';
import type { Exchange } from '../../stage/a-double.ts';

const value = (given: object) => new GetSecretValueCommand({ SecretId: 'td/a', ...given });

export const SECRETS: readonly Exchange[] = [
  [
    'a secret',
    async ({ secrets }) =>
      (await secrets.send(new CreateSecretCommand({ Name: 'td/a', SecretString: 'one' }))).Name,
  ],
  [
    'the same secret again',
    ({ secrets }) => secrets.send(new CreateSecretCommand({ Name: 'td/a', SecretString: 'two' })),
  ],
  [
    'a new value',
    async ({ secrets }) =>
      (await secrets.send(new PutSecretValueCommand({ SecretId: 'td/a', SecretString: 'two' })))
        .VersionStages,
  ],
  [
    'its value',
    async ({ secrets }) => {
      const { SecretString, VersionStages } = await secrets.send(value({}));
      return [SecretString, VersionStages];
    },
  ],
  [
    'its value before',
    async ({ secrets }) => (await secrets.send(value({ VersionStage: 'AWSPREVIOUS' }))).SecretString,
  ],
  ['a secret that is not there', ({ secrets }) => secrets.send(value({ SecretId: 'td/none' }))],
  [
    'adapter: whether a secret is there, and another',
    async ({ config }) => {
      const look = secretMetadata(config);
      return [typeof (await look('td/a')), await look('td/none')];
    },
  ],
  [
    'a deletion in three days',
    ({ secrets }) => secrets.send(new DeleteSecretCommand({ SecretId: 'td/a', RecoveryWindowInDays: 3 })),
  ],
  [
    'a deletion in seven days',
    async ({ secrets }) =>
      (await secrets.send(new DeleteSecretCommand({ SecretId: 'td/a', RecoveryWindowInDays: 7 }))).Name,
  ],
  ['its value after that', ({ secrets }) => secrets.send(value({}))],
];
