import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import {
  objectIn,
  objectsIn,
  onFargate,
  type Placed,
  placedContainers,
  repeatedIn,
  textOf,
} from './reading.ts';

const REFERENCE =
  /^(arn:aws[a-z-]*:(ssm:[a-z0-9-]+:\d{12}:parameter\/|secretsmanager:[a-z0-9-]+:\d{12}:secret:).+|(?!arn:)[A-Za-z0-9_.\-/]{1,2048}(:[A-Za-z0-9_.-]+)?)$/;
const FILE = /^arn:aws[a-z-]*:s3:::[^/]+\/.*\.env$/;
const MOST_FILES = 10;
const IN_ECR = /^\d{12}\.dkr[.-]ecr[.-][^/]+\//;

/** Secrets, files of variables, and the role that reads them. No problem repeats a reference. */
export function secretMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = placedContainers(document);
  return [
    ...containers.flatMap((placed) => [
      ...nameMistakes(placed),
      ...referenceMistakes(placed),
      ...fileMistakes(placed),
    ]),
    ...roleMistakes(document, containers),
  ];
}

function secretsOf(container: JsonObject): readonly { readonly at: string; readonly secret: JsonObject }[] {
  const options = objectIn(container['logConfiguration'])?.['secretOptions'];
  return [
    ...objectsIn(container['secrets']).map((secret) => ({ at: 'secrets', secret })),
    ...objectsIn(options).map((secret) => ({ at: 'logConfiguration.secretOptions', secret })),
  ];
}

/** A name that is a variable and a secret at once is refused by ECS. */
function nameMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const path = `${at}.secrets`;
  const names = objectsIn(container['secrets']).map(({ name }) => textOf(name) ?? '');
  const variables = new Set(objectsIn(container['environment']).map(({ name }) => name));
  return [
    ...(names.includes('') ? [{ path, problem: 'has an entry without a name' }] : []),
    ...repeatedIn(names).map((name) => ({ path: `${path}.${name}`, problem: 'is there twice' })),
    ...names
      .filter((name) => variables.has(name))
      .map((name) => ({
        path: `${path}.${name}`,
        problem: 'is a variable of `environment` too; take it out there',
      })),
  ];
}

function referenceMistakes({ path, container }: Placed): readonly Mistake[] {
  const wrong = secretsOf(container).filter(
    ({ secret }) => !REFERENCE.test(textOf(secret['valueFrom']) ?? ''),
  );
  const problem = 'is no ARN of a secret or a parameter, and no name of a parameter';
  const credentials = objectIn(container['repositoryCredentials'])?.['credentialsParameter'];
  return [
    ...wrong.map(({ at, secret }) => ({ path: `${path}.${at}.${textOf(secret['name']) ?? ''}`, problem })),
    ...(credentials === ''
      ? [{ path: `${path}.repositoryCredentials`, problem: 'is empty; leave it out' }]
      : []),
  ];
}

function fileMistakes({ path: at, container }: Placed): readonly Mistake[] {
  const path = `${at}.environmentFiles`;
  const files = objectsIn(container['environmentFiles']);
  return [
    ...(files.length > MOST_FILES ? [{ path, problem: `are ${files.length}; ECS takes ${MOST_FILES}` }] : []),
    ...(files.some(({ value }) => !FILE.test(textOf(value) ?? ''))
      ? [{ path, problem: 'must be ARNs of objects in S3 whose names end in .env' }]
      : []),
  ];
}

function roleMistakes(document: TaskDefinitionDocument, containers: readonly Placed[]): readonly Mistake[] {
  if (textOf(document['executionRoleArn'])) return []; // ECS takes an empty text for none
  const has = (what: (container: JsonObject) => boolean) =>
    containers.some(({ container }) => what(container));
  const needs = [
    ...(has((container) => secretsOf(container).length > 0) ? ['secrets'] : []),
    ...(has((container) => objectIn(container['repositoryCredentials']) !== undefined)
      ? ['credentials of a registry']
      : []),
    ...(onFargate(document) && has(({ image }) => IN_ECR.test(textOf(image) ?? '')) ? ['images of ECR'] : []),
    ...(onFargate(document) &&
    has((container) => objectIn(container['logConfiguration'])?.['logDriver'] === 'awslogs')
      ? ['logs in CloudWatch']
      : []),
  ];
  if (needs.length === 0) return [];
  return [{ path: 'executionRoleArn', problem: `is missing; ECS needs the role for ${needs.join(', ')}` }];
}
