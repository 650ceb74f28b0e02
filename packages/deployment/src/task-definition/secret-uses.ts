import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { TaskDefinitionDocument } from '../observed.ts';
import { parseRegistryCredentials, parseSecretReference } from './secret-reference.ts';
import { containersOf, isObject } from './task-definition.ts';

/** What a task definition takes from one secret. */
export interface SecretUses {
  /** Ids of the versions that it names. */
  readonly pins: readonly string[];
  /** It also takes the value that is current when a task starts, though it could name a version. */
  readonly loose: boolean;
  /** The same where no version can be named: credentials of a registry. */
  readonly fixed: boolean;
}

/** By variables of containers, options of their logs, and the credentials that their images are pulled with. */
export function secretUses(document: TaskDefinitionDocument, secret: string): SecretUses {
  const containers = containersOf(document);
  const named = containers.flatMap((container) =>
    [...entriesOf(container['secrets']), ...entriesOf(logOf(container)?.['secretOptions'])].flatMap(
      (entry) => {
        const reference = referenceIn(entry, secret);
        return reference ? [reference.version] : [];
      },
    ),
  );
  const fixed = containers.some(({ repositoryCredentials }) => {
    const parameter = isObject(repositoryCredentials) ? repositoryCredentials['credentialsParameter'] : '';
    if (typeof parameter !== 'string' || parameter === '') return false;
    const said = parseRegistryCredentials(parameter);
    return said.kind === 'secret' && isSame(said.id, secret);
  });
  const pins = [...new Set(named.flatMap((version) => (version === undefined ? [] : [version])))];
  return { pins, loose: named.includes(undefined), fixed };
}

/** The same task definition, in which every reference to the secret that can names this version. */
export function namingVersion(
  document: TaskDefinitionDocument,
  secret: string,
  version: string,
): TaskDefinitionDocument {
  const entry = (each: Json): Json => {
    if (!isObject(each)) return each;
    const reference = referenceIn(each, secret);
    return reference ? { ...each, valueFrom: `${reference.id}:${reference.key ?? ''}::${version}` } : each;
  };
  const list = (entries: Json | undefined) => (Array.isArray(entries) ? entries.map(entry) : entries);
  const containers = document['containerDefinitions'];
  if (!Array.isArray(containers)) return document;
  return {
    ...document,
    containerDefinitions: containers.map((container: Json) => {
      if (!isObject(container)) return container;
      const log = logOf(container);
      const secrets = list(container['secrets']);
      const secretOptions = list(log?.['secretOptions']);
      return {
        ...container,
        ...(secrets !== undefined && { secrets }),
        ...(log && secretOptions !== undefined && { logConfiguration: { ...log, secretOptions } }),
      };
    }),
  };
}

function entriesOf(entries: Json | undefined): readonly JsonObject[] {
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

function logOf(container: JsonObject): JsonObject | undefined {
  const log = container['logConfiguration'];
  return isObject(log) ? log : undefined;
}

function referenceIn({ valueFrom }: JsonObject, secret: string) {
  if (typeof valueFrom !== 'string') return undefined;
  const said = parseSecretReference(valueFrom);
  return said.kind === 'secret' && isSame(said.id, secret) ? said : undefined;
}

/** By its ARN, by the ARN without the six characters that AWS adds, or by its name. */
function isSame(id: string, secret: string): boolean {
  const plain = secret.replace(/-[A-Za-z0-9]{6}$/, '');
  return id === secret || id === plain || id === plain.split(':secret:')[1];
}
