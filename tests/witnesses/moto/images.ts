import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeRepositoriesCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { ecrSettings } from '@tenant-delivery/aws/ecr/settings';
import type { Exchange } from '../../stage/a-double.ts';

const LIFECYCLE = {
  rules: [
    {
      rulePriority: 1,
      selection: { tagStatus: 'untagged', countType: 'imageCountMoreThan', countNumber: 5 },
      action: { type: 'expire' },
    },
  ],
};
const putLifecycle = (lifecyclePolicyText: string) =>
  new PutLifecyclePolicyCommand({ repositoryName: 'acme/orders', lifecyclePolicyText });

export const IMAGES: readonly Exchange[] = [
  [
    'a repository',
    async ({ ecr }) => {
      const asked = { repositoryName: 'acme/orders', imageTagMutability: 'IMMUTABLE' } as const;
      const { repository } = await ecr.send(new CreateRepositoryCommand(asked));
      return [repository?.imageTagMutability, repository?.imageScanningConfiguration?.scanOnPush];
    },
  ],
  [
    'the same repository again',
    ({ ecr }) => ecr.send(new CreateRepositoryCommand({ repositoryName: 'acme/orders' })),
  ],
  [
    'a repository with a capital letter',
    ({ ecr }) => ecr.send(new CreateRepositoryCommand({ repositoryName: 'Acme' })),
  ],
  [
    'a repository that is not there',
    ({ ecr }) => ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['acme/none'] })),
  ],
  [
    'a lifecycle policy',
    async ({ ecr }) => (await ecr.send(putLifecycle(JSON.stringify(LIFECYCLE)))).repositoryName,
  ],
  ['a lifecycle policy without rules', ({ ecr }) => ecr.send(putLifecycle('{}'))],
  [
    'an image that is not there',
    async ({ ecr }) => {
      const asked = { repositoryName: 'acme/orders', imageIds: [{ imageTag: 'none' }] };
      const { failures } = await ecr.send(new BatchGetImageCommand(asked));
      return failures?.map(({ failureCode }) => failureCode);
    },
  ],
  [
    'adapter: to which regions images are copied',
    ({ session }) => ecrSettings(session).replicatedTo('acme/orders'),
  ],
];
