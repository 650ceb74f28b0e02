import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { objectIn, objectsIn, onFargate, type Placed, placedContainers, textOf } from './reading.ts';

const ON_FARGATE: ReadonlySet<string> = new Set(['awslogs', 'splunk', 'awsfirelens']);
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  ['awslogs', ['awslogs-group', 'awslogs-region']],
  ['splunk', ['splunk-token', 'splunk-url']],
]);
/** Options of Docker's driver that ECS does not hand on. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['awslogs-endpoint']);

/** Log drivers, their options, and the container that routes lines. No problem repeats the value of an option. */
export function logMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const containers = placedContainers(document);
  const routed = containers.some(({ container }) => objectIn(container['firelensConfiguration']));
  return containers.flatMap((placed) => [
    ...driverMistakes(placed, onFargate(document), routed),
    ...routerMistakes(placed, onFargate(document)),
  ]);
}

function driverMistakes(
  { path: at, container }: Placed,
  fargate: boolean,
  routed: boolean,
): readonly Mistake[] {
  const log = objectIn(container['logConfiguration']);
  const driver = textOf(log?.['logDriver']);
  if (!log || driver === undefined) return [];
  const path = `${at}.logConfiguration`;
  const options = objectIn(log['options']) ?? {};
  const given = [
    ...Object.keys(options).filter((name) => options[name] !== null),
    ...objectsIn(log['secretOptions']).flatMap(({ name }) => textOf(name) ?? []),
  ];
  const prefix = fargate && driver === 'awslogs' && !textOf(options['awslogs-stream-prefix']);
  const missing = (NEEDED.get(driver) ?? []).filter((name) => !given.includes(name));
  const strange = driver === 'awslogs' ? given.filter((name) => NOT_TAKEN.has(name)) : [];
  const mode = textOf(options['mode']);
  return [
    ...(fargate && !ON_FARGATE.has(driver)
      ? [{ path: `${path}.logDriver`, problem: `is ${driver}; Fargate has ${[...ON_FARGATE].join(', ')}` }]
      : []),
    ...[...missing, ...(prefix ? ['awslogs-stream-prefix'] : [])].map((name) => ({
      path: `${path}.options.${name}`,
      problem: `is missing; ${driver} needs it${name === 'awslogs-stream-prefix' ? ' on Fargate' : ''}`,
    })),
    ...strange.map((name) => ({
      path: `${path}.options.${name}`,
      problem: 'is no option of awslogs that ECS takes',
    })),
    ...(mode !== undefined && mode !== 'blocking' && mode !== 'non-blocking'
      ? [{ path: `${path}.options.mode`, problem: 'must be blocking or non-blocking' }]
      : []),
    ...(driver === 'awsfirelens' && !routed
      ? [
          {
            path: `${path}.logDriver`,
            problem: 'is awsfirelens, and no container has a firelensConfiguration',
          },
        ]
      : []),
  ];
}

function routerMistakes({ path: at, container }: Placed, fargate: boolean): readonly Mistake[] {
  const options = objectIn(objectIn(container['firelensConfiguration'])?.['options']);
  if (options?.['config-file-type'] !== 's3') return [];
  const path = `${at}.firelensConfiguration.options`;
  if (fargate)
    return [
      { path: `${path}.config-file-type`, problem: 'is s3; on Fargate a router reads a file of its image' },
    ];
  const value = textOf(options['config-file-value']);
  return value === undefined || value.startsWith('arn:')
    ? []
    : [{ path: `${path}.config-file-value`, problem: 'is no ARN of an object' }];
}
