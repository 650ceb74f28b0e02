import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { Tag, TaskDefinitionDocument } from '../observed.ts';
import { canonicalOf, sameJson } from '../task-definition/canonical.ts';
import { pathIn, unknownMembers, valueAt } from '../task-definition/shape-mistakes.ts';
import { containersOf, isObject, registrable } from '../task-definition/task-definition.ts';
import { CONTAINER_BOUNDS, FREE, HARDENING, TASK_BOUNDS } from './contract-members.ts';

export interface ContractedService {
  /** The container of the service, and the image in it that was gated: `repository@sha256:…`. */
  readonly container: string;
  readonly image: string;
  readonly account: string;
}

interface Side {
  readonly document: TaskDefinitionDocument;
  readonly tags: readonly Tag[];
}

/** Every change of a wanted task definition that the contract does not leave to the customer, a sentence each. */
export function contractBreaches(current: Side, wanted: Side, agreed: ContractedService): readonly Mistake[] {
  const [was, is] = [canonicalOf(current.document), canonicalOf(wanted.document)];
  const known = [...memberBreaches('', was, is, TASK_BOUNDS), ...containerBreaches(was, is, agreed)];
  return [
    ...known,
    ...unknownBreaches(current.document, wanted.document).filter(
      ({ path }) => !known.some((told) => path === told.path || path.startsWith(`${told.path}.`)),
    ),
    ...tagBreaches(current.tags, wanted.tags),
  ];
}

const UNKNOWN = 'this release does not know what it does';

/** What AWS adds inside of a member that is free is decided here before anybody uses it, too; also when it is empty. */
function unknownBreaches(was: TaskDefinitionDocument, is: TaskDefinitionDocument): readonly Mistake[] {
  const had = strangersIn(was);
  return [...strangersIn(is)]
    .filter(([path, value]) => !had.has(path) || !sameJson(had.get(path), value))
    .map(([path]) => ({ path, problem: `may not change: ${UNKNOWN}` }));
}

function strangersIn(document: TaskDefinitionDocument): ReadonlyMap<string, Json | undefined> {
  const taken = registrable(document);
  const places = unknownMembers('RegisterTaskDefinitionRequest', taken);
  return new Map(places.map((keys) => [pathIn(taken, keys), valueAt(taken, keys)]));
}

function memberBreaches(
  under: string,
  was: JsonObject,
  is: JsonObject,
  bounds: Readonly<Record<string, string>>,
): readonly Mistake[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return names.flatMap((name) => {
    const why = Object.hasOwn(bounds, name) ? bounds[name] : UNKNOWN;
    if (why === undefined || why === FREE || sameJson(was[name], is[name])) return [];
    if (Object.hasOwn(HARDENING, name) && is[name] === HARDENING[name]) return [];
    return [{ path: under + name, problem: `may not change: ${why}` }];
  });
}

function containerBreaches(was: JsonObject, is: JsonObject, agreed: ContractedService): readonly Mistake[] {
  const [before, after] = [containersByName(was), containersByName(is)];
  if (after.size !== containersOf(is).length)
    return [{ path: 'containerDefinitions', problem: 'must have a name of its own for each container' }];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const path = `containerDefinitions.${name}`;
    const [had, has] = [before.get(name), after.get(name)];
    if (!had) return [{ path, problem: 'may not be added: only the image of the service was gated' }];
    if (!has) return [{ path, problem: 'may not be taken out: the containers of the task are agreed' }];
    return name === agreed.container
      ? [
          ...imageBreaches(`${path}.image`, has['image'], agreed.image),
          ...memberBreaches(`${path}.`, had, has, CONTAINER_BOUNDS),
          ...secretBreaches(
            path,
            had,
            has,
            [...before].filter(([other]) => other !== name).map(([, other]) => other),
            agreed.account,
          ),
        ]
      : neighbourBreaches(`${path}.`, had, has, agreed.container);
  });
}

function containersByName(document: JsonObject): ReadonlyMap<string, JsonObject> {
  return new Map(containersOf(document).map((container) => [String(container['name']), container]));
}

function imageBreaches(path: string, image: Json | undefined, gated: string): readonly Mistake[] {
  return image === gated
    ? []
    : [{ path, problem: `is ${JSON.stringify(image)}, not ${gated}, which was gated` }];
}

/** A container beside the service, a proxy or an agent, is not the customer's code: nothing of it changes. */
function neighbourBreaches(
  under: string,
  was: JsonObject,
  is: JsonObject,
  service: string,
): readonly Mistake[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .sort()
    .filter((name) => !sameJson(was[name], is[name]))
    .map((name) => ({
      path: under + name,
      problem:
        name === 'image'
          ? `may not change: only the image of ${service} was gated, the others keep the one that runs`
          : `may not change: a request changes ${service}, and nothing beside it`,
    }));
}

/**
 * Secrets are read with the execution role, which may read more than the service's code: what another container of the
 * task is given is not the service's, nor is what lies in another account.
 */
function secretBreaches(
  path: string,
  was: JsonObject,
  is: JsonObject,
  others: readonly JsonObject[],
  account: string,
): readonly Mistake[] {
  const known = new Set(referencesIn(was['secrets'] ?? null));
  const foreign = others.flatMap(referencesIn).filter((reference) => !known.has(reference));
  const secrets = is['secrets'];
  return (Array.isArray(secrets) ? secrets : []).flatMap((secret: Json) => {
    const from = isObject(secret) ? secret['valueFrom'] : undefined;
    if (!isObject(secret) || typeof from !== 'string' || known.has(from)) return [];
    const at = `${path}.secrets.${secret['name']}`;
    if (from.startsWith('arn:') && from.split(':')[4] !== account)
      return [{ path: at, problem: `may not come from another account than ${account}` }];
    return foreign.some((reference) => sameSecret(reference, from))
      ? [{ path: at, problem: 'may not be the secret of another container of the task' }]
      : [];
  });
}

/** Every place in a container from which a secret is read: variables, log options, credentials of a registry. */
function referencesIn(value: Json): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    ['valueFrom', 'credentialsParameter'].includes(name) && typeof member === 'string'
      ? [member]
      : referencesIn(member),
  );
}

/**
 * A secret goes by its ARN, with or without the six letters at its end, or through the Parameter Store; a parameter by
 * its ARN or name, with or without a version.
 */
function sameSecret(a: string, b: string): boolean {
  const [left, right] = [placeOf(a), placeOf(b)];
  const bare = (place: string) => place.replace(/-[A-Za-z0-9]{6}$/, '');
  return left === right || bare(left) === right || left === bare(right);
}

function placeOf(reference: string): string {
  const [first = '', , service, , , kind = '', ...rest] = reference.split(':');
  if (first === 'arn' && service === 'secretsmanager') return `secret:${rest[0]}`;
  const name = first === 'arn' ? kind.replace(/^parameter/, '') : first;
  const parameter = name.startsWith('/') ? name : `/${name}`;
  return parameter.replace(/^\/aws\/reference\/secretsmanager\//, 'secret:');
}

/**
 * Policies decide by tags: what a revision is tagged with may be added to, never replaced, nor left out by going to a
 * revision that was registered without it. Tags of AWS itself stay with the revision that they are about.
 */
function tagBreaches(was: readonly Tag[], is: readonly Tag[]): readonly Mistake[] {
  const values = new Map(is.map(({ key, value }) => [key, value]));
  return was
    .filter(({ key, value }) => !/^aws:/i.test(key) && values.get(key) !== value)
    .map(({ key }) => ({ path: `tags.${key}`, problem: 'may not change: policies decide by tags' }));
}
