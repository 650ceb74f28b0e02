import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import {
  networkOf,
  numberOf,
  objectIn,
  objectsIn,
  onFargate,
  onWindows,
  type Placed,
  placedContainers,
  says,
  textOf,
  textsIn,
} from './reading.ts';

const NOT_WITH_AWSVPC = ['hostname', 'extraHosts', 'dnsServers', 'dnsSearchDomains', 'disableNetworking'];
const WINDOWS_ON_FARGATE = /^WINDOWS_SERVER_(2019|2022|2025)_(CORE|FULL)$/;
const MOST_CONSTRAINTS = 10;
const LONGEST_EXPRESSION = 2_000;

/** What the place where a task runs has, and what it has not. */
export function platformMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const fargate = onFargate(document);
  const awsvpc = networkOf(document) === 'awsvpc';
  return [
    ...storageMistakes(document),
    ...systemMistakes(document),
    ...(says(document['inferenceAccelerators'])
      ? [{ path: 'inferenceAccelerators', problem: 'are no more; take them out' }]
      : []),
    ...(fargate ? taskOnFargate(document) : []),
    ...placedContainers(document).flatMap((placed) => [
      ...(awsvpc ? ownNetworkMistakes(placed) : []),
      ...domainMistakes(placed),
      ...(fargate ? containerOnFargate(placed) : []),
    ]),
  ];
}

function storageMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const size = numberOf(objectIn(document['ephemeralStorage'])?.['sizeInGiB']);
  if (size === undefined) return [];
  const path = 'ephemeralStorage';
  const elsewhere = (document['requiresCompatibilities'] ?? null) !== null && !onFargate(document);
  return [
    ...(elsewhere ? [{ path, problem: 'is for Fargate alone' }] : []),
    ...(size < 21 || size > 200
      ? [{ path: `${path}.sizeInGiB`, problem: `is ${size}; Fargate expands to 21 to 200 GiB` }]
      : []),
  ];
}

function systemMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  if (!onWindows(document)) return [];
  const arm = objectIn(document['runtimePlatform'])?.['cpuArchitecture'] === 'ARM64';
  return [
    ...(arm
      ? [{ path: 'runtimePlatform.cpuArchitecture', problem: 'is ARM64; Windows runs on X86_64' }]
      : []),
    ...['pidMode', 'ipcMode']
      .filter((member) => textOf(document[member]) !== undefined)
      .map((path) => ({ path, problem: 'is not there on Windows' })),
  ];
}

function taskOnFargate(document: TaskDefinitionDocument): readonly Mistake[] {
  const family = textOf(objectIn(document['runtimePlatform'])?.['operatingSystemFamily']) ?? 'LINUX';
  const pid = textOf(document['pidMode']);
  return [
    ...(document['networkMode'] === 'awsvpc'
      ? []
      : [{ path: 'networkMode', problem: 'must be awsvpc on Fargate' }]),
    ...(family === 'LINUX' || WINDOWS_ON_FARGATE.test(family)
      ? []
      : [
          {
            path: 'runtimePlatform.operatingSystemFamily',
            problem: `is ${family}, which Fargate does not run`,
          },
        ]),
    ...(pid === undefined || pid === 'task'
      ? []
      : [{ path: 'pidMode', problem: `is ${pid}; Fargate shares processes within the task alone` }]),
    ...['ipcMode', 'placementConstraints']
      .filter((member) => textOf(document[member]) ?? objectsIn(document[member]).length > 0)
      .map((path) => ({ path, problem: 'is not there on Fargate; take it out' })),
  ];
}

/** With awsvpc a task has one network for all of its containers. */
function ownNetworkMistakes({ path, container }: Placed): readonly Mistake[] {
  return NOT_WITH_AWSVPC.filter((member) => says(container[member])).map((member) => ({
    path: `${path}.${member}`,
    problem: 'is not there with networkMode awsvpc; take it out',
  }));
}

function domainMistakes({ path, container }: Placed): readonly Mistake[] {
  return textsIn(container['dnsSearchDomains']).some(
    (domain) => !/^[a-zA-Z0-9-.]{0,253}[a-zA-Z0-9]$/.test(domain),
  )
    ? [
        {
          path: `${path}.dnsSearchDomains`,
          problem: 'have one that is no domain: letters, digits, hyphens, periods',
        },
      ]
    : [];
}

function containerOnFargate({ path, container }: Placed): readonly Mistake[] {
  const linux = objectIn(container['linuxParameters']) ?? {};
  const added = textsIn(objectIn(linux['capabilities'])?.['add']).filter((one) => one !== 'SYS_PTRACE');
  const gpus = objectsIn(container['resourceRequirements']).some(({ type }) => type === 'GPU');
  const problem = 'is not there on Fargate; take it out, or run the task on instances';
  return [
    ...['privileged', 'dockerSecurityOptions']
      .filter((member) => says(container[member]))
      .map((member) => ({ path: `${path}.${member}`, problem })),
    ...['devices', 'sharedMemorySize', 'maxSwap', 'swappiness']
      .filter((member) => says(linux[member]))
      .map((member) => ({ path: `${path}.linuxParameters.${member}`, problem })),
    ...(added.length > 0
      ? [
          {
            path: `${path}.linuxParameters.capabilities.add`,
            problem: `has ${added.join(', ')}; Fargate adds SYS_PTRACE alone`,
          },
        ]
      : []),
    ...(gpus ? [{ path: `${path}.resourceRequirements`, problem: 'has a GPU; Fargate has none' }] : []),
  ];
}

/** How many ECS takes, and how long each is. */
export function constraintMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const path = 'placementConstraints';
  const constraints = objectsIn(document[path]);
  const wrong = constraints.some(({ expression }) => {
    const text = textOf(expression) ?? '';
    return text.trim() === '' || text.length > LONGEST_EXPRESSION;
  });
  return [
    ...(constraints.length > MOST_CONSTRAINTS
      ? [{ path, problem: `are ${constraints.length}; ECS takes ${MOST_CONSTRAINTS}` }]
      : []),
    ...(wrong ? [{ path, problem: `need an expression of 1 to ${LONGEST_EXPRESSION} characters each` }] : []),
  ];
}
