import type { TaskDefinitionDocument } from '@tenant-delivery/deployment/observed';
import { platformOf } from '@tenant-delivery/deployment/task-definition/platform';
import {
  parseRegistryCredentials,
  parseSecretReference,
  type SecretReference,
} from '@tenant-delivery/deployment/task-definition/secret-reference';
import { containersOf, isObject, portsOf } from '@tenant-delivery/deployment/task-definition/task-definition';
import type { Json } from '@tenant-delivery/domain';

/** What tasks of a task definition need of the place that they start in. */
export interface Needs {
  /** As images name it; `undefined` when it has no word there. */
  readonly platform: string | undefined;
  /** It names no processor and need not run on Fargate, so that the instances decide which it is. */
  readonly instancesDecide: boolean;
  /** Tasks have addresses of their own. */
  readonly addressed: boolean;
  readonly roles: readonly { readonly purpose: 'task' | 'execution'; readonly named: string }[];
  /** Why no task starts, where an execution role is needed and none is named. */
  readonly executionMissing: string | undefined;
  readonly images: readonly { readonly container: string; readonly image: string }[];
  readonly secrets: readonly { readonly what: string; readonly reference: SecretReference }[];
  readonly logGroups: readonly {
    readonly container: string;
    readonly group: string;
    readonly region: string | undefined;
    readonly creates: boolean;
  }[];
  /** Ports that each container maps. */
  readonly mapped: ReadonlyMap<string, readonly number[]>;
}

type JsonObject = { readonly [member: string]: Json };

/** Reads what a task definition asks for. Members that are not as ECS writes them are left to ECS. */
export function needsOf(document: TaskDefinitionDocument): Needs {
  const containers = containersOf(document).map((container) => ({
    name: textOf(container['name']),
    container,
  }));
  const each = <T>(read: (container: JsonObject, name: string) => readonly T[]): readonly T[] =>
    containers.flatMap(({ name, container }) => read(container, name ?? 'a container'));
  const roles = [
    ['task', textOf(document['taskRoleArn'])],
    ['execution', textOf(document['executionRoleArn'])],
  ] as const;
  const runtime = document['runtimePlatform'];
  const secrets = each(secretsOf);
  const logGroups = each(logGroupsOf);
  return {
    platform: platformOf(document),
    instancesDecide:
      !onFargate(document) && !(isObject(runtime) && textOf(runtime['cpuArchitecture']) !== undefined),
    addressed: document['networkMode'] === 'awsvpc',
    roles: roles.flatMap(([purpose, named]) => (named === undefined ? [] : [{ purpose, named }])),
    executionMissing: textOf(document['executionRoleArn'])
      ? undefined
      : whyExecution(document, secrets.length, logGroups.length),
    images: each((container, name) => {
      const image = textOf(container['image']);
      return image === undefined ? [] : [{ container: name, image }];
    }),
    secrets,
    logGroups,
    mapped: new Map(
      containers.flatMap(({ name }) =>
        name === undefined ? [] : [[name, portsOf(document, name)] as const],
      ),
    ),
  };
}

function secretsOf(container: JsonObject, name: string): Needs['secrets'] {
  const log = container['logConfiguration'];
  const named = [
    ...listOf(container['secrets']),
    ...listOf(isObject(log) ? log['secretOptions'] : undefined),
  ];
  const credentials = container['repositoryCredentials'];
  const parameter = isObject(credentials) ? textOf(credentials['credentialsParameter']) : undefined;
  return [
    ...named.filter(isObject).map((secret) => ({
      what: `${textOf(secret['name']) ?? 'a secret'} of ${name}`,
      reference: parseSecretReference(textOf(secret['valueFrom']) ?? ''),
    })),
    ...(parameter === undefined
      ? []
      : [{ what: `the registry credentials of ${name}`, reference: parseRegistryCredentials(parameter) }]),
  ];
}

function logGroupsOf(container: JsonObject, name: string): Needs['logGroups'] {
  const log = container['logConfiguration'];
  if (!isObject(log) || log['logDriver'] !== 'awslogs' || !isObject(log['options'])) return [];
  const group = textOf(log['options']['awslogs-group']);
  if (group === undefined) return [];
  return [
    {
      container: name,
      group,
      region: textOf(log['options']['awslogs-region']),
      creates: log['options']['awslogs-create-group'] === 'true',
    },
  ];
}

/** "Amazon ECS task execution IAM role", Amazon ECS Developer Guide: what ECS does in its name. */
function whyExecution(document: TaskDefinitionDocument, secrets: number, logs: number): string | undefined {
  if (secrets > 0) return 'it names secrets';
  if (!onFargate(document)) return undefined;
  if (logs > 0) return 'Fargate writes its logs';
  const ecr = containersOf(document).some(({ image }) => /\.dkr[.-]ecr/.test(textOf(image) ?? ''));
  return ecr ? 'Fargate pulls its image from ECR' : undefined;
}

function onFargate(document: TaskDefinitionDocument): boolean {
  return listOf(document['requiresCompatibilities']).includes('FARGATE');
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
