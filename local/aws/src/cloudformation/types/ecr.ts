import type { CreateRepositoryCommandOutput } from '@aws-sdk/client-ecr';
import { lifecycleMistakes } from '../../registry/lifecycle-grammar.ts';
import { replicationOf } from '../../registry/replication.ts';
import { repositoryPolicyMistakes } from '../../registry/repository-policy.ts';
import {
  ecrState,
  type Repository,
  repositoryArn,
  type ScanRule,
  type TagMutability,
} from '../../registry/store.ts';
import { ecr } from '../../services/ecr.ts';
import { partitionOf } from '../../world/partition.ts';
import { AwsError } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { changedNames } from '../compare-properties.ts';
import { describe, describedOf, forget } from '../described.ts';
import type { Making, Properties, ResourceType } from '../resource-type.ts';
import { tagList, tagsIn } from './tags.ts';
import { structure, structures, text } from './values.ts';

const REPOSITORY = 'AWS::ECR::Repository';

/** Actions that set a property. */
const EDITS: Readonly<Record<string, string>> = {
  ImageScanningConfiguration: 'PutImageScanningConfiguration',
  ImageTagMutability: 'PutImageTagMutability',
  LifecyclePolicy: 'PutLifecyclePolicy',
  RepositoryPolicyText: 'SetRepositoryPolicy',
  Tags: 'TagResource',
};

const repository: ResourceType = {
  type: REPOSITORY,
  create: async (world, made) => {
    const { properties } = made;
    const encryption = structure(properties, 'EncryptionConfiguration');
    demandPolicies(properties);
    const { repository: told } = await made.perform<CreateRepositoryCommandOutput>(ecr, 'CreateRepository', {
      repositoryName: text(properties, 'RepositoryName') ?? made.newName(256).toLowerCase(),
      ...(properties['ImageTagMutability'] !== undefined && {
        imageTagMutability: text(properties, 'ImageTagMutability'),
      }),
      ...(encryption['EncryptionType'] !== undefined && {
        encryptionConfiguration: {
          encryptionType: encryption['EncryptionType'],
          ...(encryption['KmsKey'] !== undefined && { kmsKey: encryption['KmsKey'] }),
        },
      }),
      imageScanningConfiguration: {
        scanOnPush: structure(properties, 'ImageScanningConfiguration')['ScanOnPush'] === true,
      },
      tags: structures(properties, 'Tags'),
    });
    const name = told?.repositoryName ?? '';
    describe(world, made, REPOSITORY, name, properties);
    return name;
  },
  update: (world, id, made, before) => {
    const known = found(world, made, id);
    const resource = repositoryArn(known);
    const tags = tagsIn(made.properties) ?? {};
    for (const name of changedNames(before, made.properties))
      if (EDITS[name])
        made.ask({
          action: `ecr:${EDITS[name]}`,
          resource,
          resourceTags: known.resourceTags ?? {},
          requestTags: tags,
        });
    demandPolicies(made.properties);
    known.tagMutability = (text(made.properties, 'ImageTagMutability') ?? 'MUTABLE') as TagMutability; // one of them, by AWS's schema
    known.scanOnPush = structure(made.properties, 'ImageScanningConfiguration')['ScanOnPush'] === true;
    known.resourceTags = { ...tags };
    describe(world, made, REPOSITORY, id, made.properties);
  },
  remove: (world, id, made) => {
    const known = found(world, made, id);
    made.ask({
      action: 'ecr:DeleteRepository',
      resource: repositoryArn(known),
      resourceTags: known.resourceTags ?? {},
    });
    if (Object.keys(known.manifests).length > 0 && made.properties['EmptyOnDelete'] !== true)
      throw new AwsError(
        'RepositoryNotEmptyException',
        `The repository with name '${id}' in registry with id '${made.account}' cannot be deleted because it still contains images`,
      );
    delete ecrState(world, made.account, made.region).repositories[id];
    forget(world, made, REPOSITORY, id);
  },
  read: (world, id, made) => {
    const known = ecrState(world, made.account, made.region).repositories[id];
    if (!known) return undefined;
    const { encryptionType, kmsKey } = known.encryption;
    return {
      ...describedOf(world, made, REPOSITORY)[id],
      RepositoryName: id,
      ImageTagMutability: known.tagMutability,
      EncryptionConfiguration: {
        EncryptionType: encryptionType,
        ...(kmsKey !== undefined && { KmsKey: kmsKey }),
      },
      Tags: tagList(known.resourceTags ?? {}),
    };
  },
  attributes: (world, id, made) => ({
    Arn: repositoryArn(found(world, made, id)),
    RepositoryUri: `${made.account}.dkr.ecr.${made.region}.${partitionOf(made.region).suffix}/${id}`,
  }),
};

/** Refuses what ECR takes as no policy of a repository: nothing is done with either of them here. */
function demandPolicies(properties: Properties): void {
  const lifecycle = text(structure(properties, 'LifecyclePolicy'), 'LifecyclePolicyText');
  const policy = properties['RepositoryPolicyText'];
  const [wrong] = [
    ...(lifecycle === undefined ? [] : lifecycleMistakes(lifecycle)),
    ...(policy === undefined
      ? []
      : repositoryPolicyMistakes(typeof policy === 'string' ? policy : Object(policy))),
  ];
  if (wrong !== undefined) throw new AwsError('InvalidParameterException', wrong);
}

function found(world: World, { account, region }: Making, name: string): Repository {
  const known = ecrState(world, account, region).repositories[name];
  if (known) return known;
  throw new AwsError(
    'RepositoryNotFoundException',
    `The repository with name '${name}' does not exist in the registry with id '${account}'`,
  );
}

/** A registry has one, whatever stacks say; without a stack it is what ECR begins with. */
const scanning: ResourceType = {
  type: 'AWS::ECR::RegistryScanningConfiguration',
  create: (world, made) => {
    setScanning(world, made, made.properties);
    return made.account;
  },
  update: (world, _id, made) => setScanning(world, made, made.properties),
  remove: (world, _id, made) => setScanning(world, made, { ScanType: 'BASIC', Rules: [] }),
  read: (world, _id, { account, region }) => {
    const { scanType, rules } = ecrState(world, account, region).scanning;
    return {
      ScanType: scanType,
      Rules: rules.map(({ scanFrequency, filters }) => ({
        ScanFrequency: scanFrequency,
        RepositoryFilters: filters.map((Filter) => ({ Filter, FilterType: 'WILDCARD' })),
      })),
    };
  },
  attributes: (_world, id) => ({ RegistryId: id }),
};

function setScanning(world: World, made: Making, properties: Properties): void {
  made.ask({ action: 'ecr:PutRegistryScanningConfiguration', resource: '*' });
  const state = ecrState(world, made.account, made.region).scanning;
  const enhanced = properties['ScanType'] === 'ENHANCED';
  const rules = structures(properties, 'Rules').map(({ ScanFrequency, RepositoryFilters }) => ({
    scanFrequency: ScanFrequency as ScanRule['scanFrequency'], // judged below
    filters: (Array.isArray(RepositoryFilters) ? RepositoryFilters : []).map(({ Filter }) => String(Filter)),
  }));
  if (!enhanced && rules.some(({ scanFrequency }) => scanFrequency === 'CONTINUOUS_SCAN'))
    throw new AwsError('InvalidParameterException', 'CONTINUOUS_SCAN is of the scan type ENHANCED alone.');
  if (enhanced && rules.some(({ scanFrequency }) => scanFrequency === 'MANUAL'))
    throw new AwsError('InvalidParameterException', 'MANUAL is of the scan type BASIC alone.');
  state.scanType = enhanced ? 'ENHANCED' : 'BASIC';
  state.rules = rules;
  world.touched();
}

const replication: ResourceType = {
  type: 'AWS::ECR::ReplicationConfiguration',
  create: (world, made) => {
    setReplication(world, made, made.properties);
    return made.account;
  },
  update: (world, _id, made) => setReplication(world, made, made.properties),
  remove: (world, _id, made) => setReplication(world, made, {}),
  read: (world, _id, { account, region }) => {
    const { regions, prefixes } = replicationOf(world, account, region);
    if (regions.length === 0) return undefined;
    return {
      ReplicationConfiguration: {
        Rules: [
          {
            Destinations: regions.map((one) => ({ Region: one, RegistryId: account })),
            ...(prefixes && {
              RepositoryFilters: prefixes.map((Filter) => ({ Filter, FilterType: 'PREFIX_MATCH' })),
            }),
          },
        ],
      },
    };
  },
  attributes: (_world, id) => ({ RegistryId: id }),
};

/** One rule, to other regions of the same account: what this registry can do. */
function setReplication(world: World, made: Making, properties: Properties): void {
  made.ask({ action: 'ecr:PutReplicationConfiguration', resource: '*' });
  const [rule, ...more] = structures(structure(properties, 'ReplicationConfiguration'), 'Rules');
  const destinations = rule ? structures(rule, 'Destinations') : [];
  const elsewhere = destinations.some(({ RegistryId }) => RegistryId !== made.account);
  if (more.length > 0 || elsewhere || (rule && rule['RepositoryFilters'] !== undefined))
    throw new AwsError(
      'NotImplemented',
      'local-aws replicates everything, within an account, by one rule.',
      501,
    );
  if (destinations.some(({ Region }) => Region === made.region))
    throw new AwsError(
      'InvalidParameterException',
      "Invalid parameter at 'replicationConfiguration': a registry is not replicated to itself",
    );
  const { regions } = replicationOf(world, made.account, made.region);
  regions.splice(0, regions.length, ...destinations.map(({ Region }) => String(Region)));
  world.touched();
}

export const ecrTypes: readonly ResourceType[] = [repository, scanning, replication];
