import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { Tag, TaskDefinitionDocument } from '../observed.ts';
import { canonicalOf, sameJson } from '../task-definition/canonical.ts';
import { pathIn, unknownMembers, valueAt } from '../task-definition/shape-mistakes.ts';
import { containersOf, isObject, registrable } from '../task-definition/task-definition.ts';

/**
 * What a customer's request may not change of a service that a contract covers.
 *
 * The request comes from a repository whose owner is trusted with the service's code and with nothing else, and whose
 * reviewers approve what a plan shows: names, images and sizes, but no value of a variable, command or label. So a member
 * is free where the container's own code could do the same anyway, or where the plan shows it in full and it costs money
 * at most: variables, command, health check, timeouts, size. Everything is the contract's that reaches further:
 *
 * - who the task is (roles, credentials, which secrets are read with the execution role, which the code itself cannot);
 * - what it touches beside itself (host, volumes, namespaces, kernel, network, ports, other containers and their images);
 * - what is known of it (logs, the tags that policies look at, values that come from files outside of the record);
 * - whether a failure shows (an essential container, image versions that stay what they were).
 *
 * A hardening may be added and not taken away. A member that is in neither table is refused, so that what AWS adds is
 * decided here before anybody uses it; a test asks both tables for every member of the SDK.
 */
const FREE = 'free';

/** Members of the task definition: free, or why not. */
export const TASK_BOUNDS: Readonly<Record<string, string>> = {
  family: 'the contract names the family of this service',
  containerDefinitions: FREE, // each container by its own table
  taskRoleArn: 'the task role is what the service may do in the account',
  executionRoleArn: 'the execution role reads secrets and pulls images for the task',
  networkMode: 'the network of the task is agreed; its wall is built for this mode',
  volumes: 'a volume reaches what is kept outside of the task: the host, or a file system that others use',
  placementConstraints: 'where tasks may run is agreed with the zones',
  requiresCompatibilities: 'what the task runs on is agreed',
  cpu: FREE,
  memory: FREE,
  tags: FREE, // judged with the tags that are kept
  pidMode: 'processes of other containers or of the host would be in reach',
  ipcMode: 'memory of other containers or of the host would be in reach',
  proxyConfiguration: 'all traffic of the task goes through its proxy',
  inferenceAccelerators: 'devices of the host are not agreed',
  ephemeralStorage: FREE,
  runtimePlatform: FREE, // the image is judged for the platform
  enableFaultInjection: 'faults of the whole task could be caused from inside',
};

/** Members of the service's own container. */
export const CONTAINER_BOUNDS: Readonly<Record<string, string>> = {
  name: FREE, // containers go by their name
  image: FREE, // must be the one that was gated
  repositoryCredentials: 'the execution role would read other credentials',
  cpu: FREE,
  memory: FREE,
  memoryReservation: FREE,
  links: 'containers are connected as agreed',
  portMappings: 'the balancer, Service Connect and security groups know the ports; a new one is agreed first',
  essential: 'a container that is not essential may fail without anybody noticing',
  restartPolicy: 'a crash that is restarted in place is counted neither by ECS nor by the deploy',
  entryPoint: FREE,
  command: FREE,
  environment: FREE,
  environmentFiles: 'the variables in a file change without a delivery; name them in the request',
  mountPoints: 'what is mounted, and whether it can be written, is agreed',
  volumesFrom: 'it would mount what belongs to another container',
  linuxParameters: 'capabilities, devices and memory of the kernel are agreed',
  secrets: FREE, // judged by where they come from
  dependsOn: 'the order of the start is agreed: what protects the service is up before it',
  startTimeout: FREE,
  stopTimeout: FREE,
  versionConsistency: 'ECS must run the version that it resolved, or tasks of one deployment could differ',
  hostname: FREE,
  user: 'the user that the service runs as is agreed',
  workingDirectory: FREE,
  disableNetworking: 'the network of the task is agreed',
  privileged: 'a privileged container is root on its host',
  readonlyRootFilesystem: 'the file system was made read-only to harden the service',
  dnsServers: FREE,
  dnsSearchDomains: FREE,
  extraHosts: FREE,
  dockerSecurityOptions: 'the security profile of the container is agreed',
  interactive: FREE,
  pseudoTerminal: FREE,
  dockerLabels: 'agents and proxies beside the container act on its labels, and a plan does not show them',
  ulimits: FREE,
  logConfiguration: 'the log is evidence, so it stays where the contract says',
  healthCheck: FREE,
  systemControls: 'settings of the kernel hold for the whole task',
  resourceRequirements: 'devices of the host are not agreed',
  firelensConfiguration: 'it would take the logs of every container',
  credentialSpecs: 'the identity of the service is agreed',
};

/** Changes that only harden, of members that are refused otherwise. */
const HARDENING: Readonly<Record<string, Json>> = {
  privileged: false,
  readonlyRootFilesystem: true,
  versionConsistency: 'enabled',
};

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
