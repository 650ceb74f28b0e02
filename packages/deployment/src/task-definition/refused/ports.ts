import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import {
  networkOf,
  numberOf,
  objectsIn,
  onFargate,
  onWindows,
  type Placed,
  placedContainers,
  repeatedIn,
  textOf,
} from './reading.ts';

const HIGHEST = 65_535;
const MOST_RANGES = 100;
const RESERVED_ON_WINDOWS = 3_150;

/** Ports of containers and of the host. */
export function portMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = placedContainers(document);
  const mode = networkOf(document);
  const names = containers.flatMap(({ container }) =>
    objectsIn(container['portMappings']).flatMap(({ name }) => textOf(name) ?? []),
  );
  return [
    ...containers.flatMap((placed) => containerMistakes(placed, mode)),
    ...repeatedIn(containers.flatMap(({ container }) => hostPortsOf(container, mode))).map((port) => ({
      path: 'containerDefinitions',
      problem: `map the ${port} of the host twice`,
    })),
    ...repeatedIn(names).map((name) => ({
      path: 'containerDefinitions',
      problem: `have two port mappings of the name ${name}`,
    })),
    ...(onFargate(document) && onWindows(document) ? containers.flatMap(reservedMistakes) : []),
  ];
}

function reservedMistakes({ path, container }: Placed): readonly Mistake[] {
  const reserved = objectsIn(container['portMappings']).some(
    ({ containerPort }) => containerPort === RESERVED_ON_WINDOWS,
  );
  const problem = `have ${RESERVED_ON_WINDOWS}, which Fargate keeps on Windows`;
  return reserved ? [{ path: `${path}.portMappings`, problem }] : [];
}

function containerMistakes({ path: at, container }: Placed, mode: string): readonly Mistake[] {
  const path = `${at}.portMappings`;
  const mappings = objectsIn(container['portMappings']);
  const ranges = mappings.filter((mapping) => (mapping['containerPortRange'] ?? null) !== null);
  const problems = [
    ...(mode === 'none' && mappings.length > 0 ? ['are given, but networkMode none has no network'] : []),
    ...(ranges.length > 0 && mode === 'host' ? ['have a range, which networkMode host does not take'] : []),
    ...(ranges.length > MOST_RANGES ? [`have ${ranges.length} ranges; ECS takes ${MOST_RANGES}`] : []),
    ...mappings.flatMap((mapping) => mappingProblems(mapping, mode)),
    ...overlapProblems(mappings),
  ];
  return [...new Set(problems)].map((problem) => ({ path, problem }));
}

function mappingProblems(mapping: JsonObject, mode: string): readonly string[] {
  const [port, host] = [numberOf(mapping['containerPort']), numberOf(mapping['hostPort'])];
  const name = textOf(mapping['name']);
  const range = textOf(mapping['containerPortRange']);
  const same = mode === 'awsvpc' || mode === 'host';
  return [
    ...(range === undefined ? portProblems(port) : rangeProblems(range, port ?? host)),
    ...(host !== undefined && (host < 0 || host > HIGHEST)
      ? [`have the host port ${host}; ports end at ${HIGHEST}`]
      : []),
    ...(same && host !== undefined && port !== undefined && host !== port
      ? [`map ${port} to ${host} of the host; with networkMode ${mode} they are one: leave hostPort out`]
      : []),
    ...(name === undefined || /^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name)
      ? []
      : [`have the name ${name}; a name has up to 64 lower-case letters, digits, underscores and hyphens`]),
  ];
}

function portProblems(port: number | undefined): readonly string[] {
  if (port === undefined) return ['have an entry without containerPort'];
  return port < 1 || port > HIGHEST ? [`have the container port ${port}; ports are 1 to ${HIGHEST}`] : [];
}

function rangeProblems(range: string, single: number | undefined): readonly string[] {
  const both = single === undefined ? [] : [`have a port beside the range ${range}; keep one of them`];
  return boundsOf(range)
    ? both
    : [`have the range ${range}; write first-last, from 1 to ${HIGHEST}`, ...both];
}

function boundsOf(range: string): readonly [number, number] | undefined {
  const found = /^(\d{1,5})-(\d{1,5})$/.exec(range);
  const [first, last] = [Number(found?.[1]), Number(found?.[2])];
  return first >= 1 && first < last && last <= HIGHEST ? [first, last] : undefined;
}

/** Ports of one container that two of its mappings have, where one of them is a range. */
function overlapProblems(mappings: readonly JsonObject[]): readonly string[] {
  const spans = mappings.flatMap((mapping) => {
    const range = textOf(mapping['containerPortRange']);
    const port = numberOf(mapping['containerPort']);
    const bounds = range === undefined ? port !== undefined && ([port, port] as const) : boundsOf(range);
    return bounds ? [{ bounds, protocol: mapping['protocol'] ?? 'tcp', ranged: range !== undefined }] : [];
  });
  const overlaps = spans.some((one, at) =>
    spans
      .slice(at + 1)
      .some(
        (other) =>
          (one.ranged || other.ranged) &&
          one.protocol === other.protocol &&
          one.bounds[0] <= other.bounds[1] &&
          other.bounds[0] <= one.bounds[1],
      ),
  );
  return overlaps ? ['have a port in two entries; a port is in one range or alone'] : [];
}

function hostPortsOf(container: JsonObject, mode: string): readonly string[] {
  return objectsIn(container['portMappings']).flatMap((mapping) => {
    const given = numberOf(mapping['hostPort']) ?? 0;
    const port =
      given > 0 || mode === 'bridge' || mode === 'none' ? given : (numberOf(mapping['containerPort']) ?? 0);
    return port > 0 ? [`${textOf(mapping['protocol']) ?? 'tcp'} port ${port}`] : [];
  });
}
