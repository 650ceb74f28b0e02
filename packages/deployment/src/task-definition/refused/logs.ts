import type { Mistake } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { objectIn, objectsIn, onFargate, type Placed, placedContainers, textOf } from './reading.ts';

const ON_FARGATE: ReadonlySet<string> = new Set(['awslogs', 'splunk', 'awsfirelens']);
const NEEDED: ReadonlyMap<string, readonly string[]> = new Map([
  ['awslogs', ['awslogs-group', 'awslogs-region']],
  ['splunk', ['splunk-token', 'splunk-url']],
]);
/** "LogConfiguration", Amazon ECS API Reference: the options of this driver alone. */
const OF_AWSLOGS: ReadonlySet<string> = new Set([
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-group',
  'awslogs-multiline-pattern',
  'awslogs-region',
  'awslogs-stream-prefix',
]);

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
  const mode = textOf(options['mode']);
  return [
    ...(fargate && !ON_FARGATE.has(driver)
      ? [{ path: `${path}.logDriver`, problem: `is ${driver}; Fargate has ${[...ON_FARGATE].join(', ')}` }]
      : []),
    ...[...missing, ...(prefix ? ['awslogs-stream-prefix'] : [])].map((name) => ({
      path: `${path}.options.${name}`,
      problem: `is missing; ${driver} needs it${name === 'awslogs-stream-prefix' ? ' on Fargate' : ''}`,
    })),
    ...(driver === 'awslogs' ? awslogsMistakes(`${path}.options`, given) : []),
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

function awslogsMistakes(path: string, given: readonly string[]): readonly Mistake[] {
  const both = ['awslogs-datetime-format', 'awslogs-multiline-pattern'].every((name) => given.includes(name));
  return [
    ...given
      .filter((name) => name.startsWith('awslogs-') && !OF_AWSLOGS.has(name))
      .map((name) => {
        const near = nearest(name, [...OF_AWSLOGS]);
        const problem = `is no option of awslogs that ECS takes${near ? `; did you mean ${near}?` : ''}`;
        return { path: `${path}.${name}`, problem };
      }),
    ...(both
      ? [{ path, problem: 'have awslogs-datetime-format and awslogs-multiline-pattern; keep one of them' }]
      : []),
  ];
}

/** "FirelensConfiguration", Amazon ECS API Reference: each option, and how its value is written. */
const OF_ROUTERS = new Map([
  ['enable-ecs-log-metadata', ['true', 'false']],
  ['config-file-type', ['s3', 'file']],
  ['config-file-value', undefined],
]);

function routerOptionMistakes(path: string, options: JsonObject): readonly Mistake[] {
  return Object.entries(options).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    if (value === null) return [];
    if (!OF_ROUTERS.has(name))
      return [
        { path: at, problem: `is no option of a router; they are ${[...OF_ROUTERS.keys()].join(', ')}` },
      ];
    const values = OF_ROUTERS.get(name);
    if (values?.includes(textOf(value) ?? '') ?? textOf(value) !== '') return [];
    return [{ path: at, problem: values ? `must be ${values.join(' or ')}` : 'is empty; leave it out' }];
  });
}

function routerMistakes({ path: at, container }: Placed, fargate: boolean): readonly Mistake[] {
  const options = objectIn(objectIn(container['firelensConfiguration'])?.['options']) ?? {};
  const path = `${at}.firelensConfiguration.options`;
  return [...routerOptionMistakes(path, options), ...routerFileMistakes(path, options, fargate)];
}

function routerFileMistakes(path: string, options: JsonObject, fargate: boolean): readonly Mistake[] {
  if (options['config-file-type'] !== 's3') return [];
  if (fargate)
    return [
      { path: `${path}.config-file-type`, problem: 'is s3; on Fargate a router reads a file of its image' },
    ];
  const value = textOf(options['config-file-value']);
  return value === undefined || value.startsWith('arn:')
    ? []
    : [{ path: `${path}.config-file-value`, problem: 'is no ARN of an object' }];
}
