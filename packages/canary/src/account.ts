import {
  BatchDeleteImageCommand,
  ECRClient,
  type ImageDetail,
  paginateDescribeImages,
} from '@aws-sdk/client-ecr';
import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  paginateListTaskDefinitions,
} from '@aws-sdk/client-ecs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Inventory, Leftovers } from './leftovers.ts';
import { askQuestions } from './questions.ts';

/** The names of what a canary makes something in. */
export interface MadeIn {
  readonly cluster: string;
  readonly service: string;
  readonly family: string;
  readonly repository: string;
}

/** Where AWS is, and whose credentials are used; the SDK finds both where they are absent. */
export interface AccountConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
}

export type CanaryAccount = ReturnType<typeof canaryAccount>;

const AT_ONCE = 100; // images of one request

/** A canary's account, by the credentials of its administrator: what is there, and what is taken away. */
export function canaryAccount(config: AccountConfig, made: MadeIn) {
  const [ecr, ecs] = [new ECRClient(config), new ECSClient(config)];
  return {
    /** Whose account the credentials are of. */
    async id(): Promise<string | undefined> {
      return (await new STSClient(config).send(new GetCallerIdentityCommand({}))).Account;
    },

    /** What no delivery shows, asked of AWS itself. */
    ask: () => askQuestions(config),

    async inventory(): Promise<Inventory> {
      const [images, revisions, inUse] = await Promise.all([
        imagesIn(ecr, made.repository),
        revisionsOf(ecs, made.family),
        usedBy(ecs, made),
      ]);
      return { images, revisions, inUse };
    },

    /** Revisions first, then documents about images, then images. */
    async takeAway({ revisions, documents, images }: Leftovers): Promise<void> {
      for (const taskDefinition of revisions)
        await ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition }));
      for (const digests of [documents, images])
        for (let from = 0; from < digests.length; from += AT_ONCE)
          await deleteImages(ecr, made.repository, digests.slice(from, from + AT_ONCE));
    },
  };
}

async function imagesIn(client: ECRClient, repositoryName: string): Promise<Inventory['images']> {
  const found: ImageDetail[] = [];
  for await (const { imageDetails = [] } of paginateDescribeImages({ client }, { repositoryName }))
    found.push(...imageDetails);
  return found.map(({ imageDigest = '', imageTags = [], subjectManifestDigest }) => ({
    digest: imageDigest,
    tags: imageTags,
    ...(subjectManifestDigest !== undefined && { subject: subjectManifestDigest }),
  }));
}

async function deleteImages(
  client: ECRClient,
  repositoryName: string,
  digests: readonly string[],
): Promise<void> {
  const imageIds = digests.map((imageDigest) => ({ imageDigest }));
  const { failures = [] } = await client.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
  const [first] = failures;
  if (first) throw new Error(`ECR did not delete ${first.imageId?.imageDigest}: ${first.failureReason}`);
}

async function revisionsOf(client: ECSClient, familyPrefix: string): Promise<Inventory['revisions']> {
  const arns: string[] = [];
  const asked = { familyPrefix, status: 'ACTIVE' as const };
  for await (const { taskDefinitionArns = [] } of paginateListTaskDefinitions({ client }, asked))
    arns.push(...taskDefinitionArns);
  return Promise.all(
    arns.map(async (arn) => {
      const described = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
      const { taskDefinition } = await client.send(described);
      const images = (taskDefinition?.containerDefinitions ?? []).map(({ image = '' }) => image);
      return { arn, images };
    }),
  );
}

async function usedBy(client: ECSClient, { cluster, service }: MadeIn): Promise<readonly string[]> {
  const { services = [] } = await client.send(new DescribeServicesCommand({ cluster, services: [service] }));
  return services.flatMap(({ taskDefinition = '', deployments = [] }) => [
    taskDefinition,
    ...deployments.map((each) => each.taskDefinition ?? ''),
  ]);
}
