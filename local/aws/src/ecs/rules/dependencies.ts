import { containersOf, type Definition, definitionRules, networkModeOf } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

const ENDS: readonly unknown[] = ['COMPLETE', 'SUCCESS'];

function dependenciesIn(input: Definition) {
  const containers = containersOf(input);
  return containers.flatMap(({ name = '', dependsOn = [] }) =>
    dependsOn.map(({ containerName = '', condition }) => ({
      name,
      containerName,
      condition,
      on: containers.find((one) => one.name === containerName),
    })),
  );
}

/** Whether following dependencies from one container leads back to it. */
function hasCycle(input: Definition): boolean {
  const edges = dependenciesIn(input);
  const reaches = (from: string, seen: ReadonlySet<string>): boolean =>
    edges.some(
      ({ name, containerName }) =>
        name === from &&
        (seen.has(containerName) || reaches(containerName, new Set([...seen, containerName]))),
    );
  return containersOf(input).some(({ name = '' }) => reaches(name, new Set([name])));
}

export const dependencyRules = [
  ...definitionRules('ContainerDependency - Amazon Elastic Container Service API Reference', [
    {
      says: 'A container depends on containers of its task.',
      *mistakes(input) {
        for (const { containerName, on } of dependenciesIn(input))
          if (!on) yield `Cannot depend on container + '${containerName}' because it does not exist`;
      },
      shownBy: [container({ dependsOn: [{ containerName: 'envoy', condition: 'START' }] })],
    },
    {
      says: 'What others wait for to end is not essential.',
      *mistakes(input) {
        for (const { on, condition } of dependenciesIn(input))
          if (on && ENDS.includes(condition) && on.essential !== false)
            yield 'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container';
      },
      shownBy: [
        container({ dependsOn: [{ containerName: 'envoy', condition: 'SUCCESS' }] }, {}),
        container({ dependsOn: [{ containerName: 'envoy', condition: 'COMPLETE' }] }, { essential: true }),
      ],
    },
    {
      says: 'What others wait for to be healthy has a health check.',
      *mistakes(input) {
        for (const { on, condition } of dependenciesIn(input))
          if (on && condition === 'HEALTHY' && !on.healthCheck)
            yield 'A dependency container with HEALTHY condition must have health check configured';
      },
      shownBy: [container({ dependsOn: [{ containerName: 'envoy', condition: 'HEALTHY' }] }, {})],
    },
    {
      says: 'Dependencies have no cycle.',
      *mistakes(input) {
        if (hasCycle(input)) yield 'Container dependsOn contains a cycle.';
      },
      shownBy: [
        container({ dependsOn: [{ containerName: 'orders', condition: 'START' }] }),
        container(
          { dependsOn: [{ containerName: 'envoy', condition: 'START' }] },
          { dependsOn: [{ containerName: 'agent', condition: 'START' }] },
          { dependsOn: [{ containerName: 'orders', condition: 'START' }] },
        ),
      ],
    },
  ]),
  ...definitionRules('ContainerDefinition - Amazon Elastic Container Service API Reference', [
    {
      says: 'Links are for bridge, and name containers of the task.',
      *mistakes(input) {
        const mode = networkModeOf(input);
        const names = containersOf(input).map(({ name }) => name);
        const links = containersOf(input).flatMap((one) => one.links ?? []);
        if (links.length > 0 && mode !== 'bridge') yield `Links are not supported when networkMode=${mode}.`;
        for (const link of links) {
          const [linked = ''] = link.split(':');
          if (!/^[\w-]{1,255}(:[\w-]{1,255})?$/.test(link)) yield `Invalid 'links' setting: '${link}'`;
          else if (!names.includes(linked)) yield `Invalid 'links' setting. Unknown container: '${linked}'`;
        }
      },
      shownBy: [
        container({ links: ['envoy'] }, {}),
        containerOnEc2({ links: ['envoy:proxy'] }),
        containerOnEc2({ links: ['envoy:a:b'] }, {}),
        { ...containerOnEc2({ links: ['envoy'] }, {}), networkMode: 'host' },
      ],
    },
  ]),
];
