import { type CreationTemplate, creationTemplatesOf } from '../../registry/creation-templates.ts';
import type { TagMutability } from '../../registry/store.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import type { Making, ResourceType } from '../resource-type.ts';
import { given, knowing } from './network-properties.ts';
import { tagList, tagsIn } from './tags.ts';
import { list, text } from './values.ts';

const template: ResourceType = {
  type: 'AWS::ECR::RepositoryCreationTemplate',
  create: (world, made) => {
    made.ask({ action: 'ecr:CreateRepositoryCreationTemplate', resource: '*' });
    const prefix = text(made.properties, 'Prefix') ?? '';
    if (creationTemplatesOf(world, made.account, made.region)[prefix])
      throw new AwsError(
        'TemplateAlreadyExistsException',
        `The repository creation template with prefix '${prefix}' already exists in the registry with id '${made.account}'`,
      );
    put(world, made, prefix);
    return prefix;
  },
  update: (world, id, made) => {
    made.ask({ action: 'ecr:UpdateRepositoryCreationTemplate', resource: '*' });
    put(world, made, id);
  },
  remove: (world, id, made) => {
    made.ask({ action: 'ecr:DeleteRepositoryCreationTemplate', resource: '*' });
    delete creationTemplatesOf(world, made.account, made.region)[id];
    world.touched();
  },
  read: (world, id, { account, region }) => {
    const found = creationTemplatesOf(world, account, region)[id];
    return (
      found &&
      given({
        Prefix: id,
        Description: found.description,
        AppliedFor: found.appliedFor,
        ImageTagMutability: found.tagMutability,
        EncryptionConfiguration: given({
          EncryptionType: found.encryption.encryptionType,
          KmsKey: found.encryption.kmsKey,
        }),
        CustomRoleArn: found.role,
        ResourceTags: found.resourceTags && tagList(found.resourceTags),
      })
    );
  },
};

/** Tags and a customer's own keys need a role that sets them ("CreateRepositoryCreationTemplate", ECR API reference). */
function put(world: World, made: Making, prefix: string): void {
  const { properties, account, region } = made;
  const tags = tagsIn({ Tags: properties['ResourceTags'] });
  const { EncryptionType = 'AES256', KmsKey } = Object(properties['EncryptionConfiguration']);
  const role = text(properties, 'CustomRoleArn');
  if (role === undefined && (tags !== undefined || EncryptionType !== 'AES256'))
    throw new AwsError(
      'InvalidParameterException',
      'Invalid parameter: a custom role is required for resource tags and for encryption with a KMS key',
    );
  if (role !== undefined)
    made.ask({
      action: 'iam:PassRole',
      resource: role,
      context: { 'iam:PassedToService': 'ecr.amazonaws.com', 'iam:AssociatedResourceArn': undefined },
    });
  const description = text(properties, 'Description');
  const said: CreationTemplate = {
    prefix,
    appliedFor: list(properties, 'AppliedFor'),
    tagMutability: (text(properties, 'ImageTagMutability') ?? 'MUTABLE') as TagMutability, // AWS's schema has judged it
    encryption: { encryptionType: EncryptionType, ...(KmsKey !== undefined && { kmsKey: KmsKey }) },
    ...(tags && { resourceTags: { ...tags } }),
    ...(description !== undefined && { description }),
    ...(role !== undefined && { role }),
  };
  creationTemplatesOf(world, account, region)[prefix] = said;
  world.touched();
}

export const registryTypes: readonly ResourceType[] = [
  knowing(
    [
      'Prefix',
      'Description',
      'AppliedFor',
      'ImageTagMutability',
      'EncryptionConfiguration',
      'CustomRoleArn',
      'ResourceTags',
    ],
    template,
  ),
];
