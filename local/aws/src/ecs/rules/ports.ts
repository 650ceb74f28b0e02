import type { ContainerDefinition, PortMapping } from '@aws-sdk/client-ecs';
import {
  containersOf,
  type Definition,
  definitionRules,
  EC2,
  FARGATE,
  isWindows,
  needsFargate,
  networkModeOf,
  repeated,
} from './definition.ts';
import { container, containerOnEc2, onFargate } from './examples.ts';

/** Modes in which the port of a container is the port of the task's network interface, or of the host. */
const SAME_PORTS: readonly string[] = ['awsvpc', 'host'];
const MOST_RANGES = 100;

function mappingsOf({ portMappings }: ContainerDefinition): readonly PortMapping[] {
  return portMappings ?? [];
}

/** First and last port of `8000-8010`; nothing for what is none. */
function boundsOf(range: string): readonly [first: number, last: number] | undefined {
  const [, first, last] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  const bounds = [Number(first), Number(last)] as const;
  return isPort(bounds[0]) && isPort(bounds[1]) && bounds[0] < bounds[1] ? bounds : undefined;
}

const isPort = (port: number) => port >= 1 && port <= 65_535;

/** The port of the host that a mapping takes for itself, with its protocol; nothing where the host chooses one. */
function hostPorts(input: Definition): readonly string[] {
  const same = SAME_PORTS.includes(networkModeOf(input));
  return containersOf(input).flatMap((container) =>
    mappingsOf(container).flatMap(({ hostPort = 0, containerPort = 0, protocol = 'tcp' }) => {
      const port = hostPort > 0 ? hostPort : same ? containerPort : 0;
      return port > 0 ? [`${protocol.toUpperCase()} host port '${port}'`] : [];
    }),
  );
}

function overlap(ranges: readonly (readonly [number, number])[]): boolean {
  const sorted = [...ranges].sort(([a], [b]) => a - b);
  return sorted.some(([first], at) => first <= (sorted[at - 1]?.[1] ?? 0));
}

export const portRules = [
  ...definitionRules(EC2, [
    {
      says: 'A port mapping has a port of the container or a range of them, not both.',
      *mistakes(input) {
        for (const one of containersOf(input))
          for (const { containerPort, hostPort, containerPortRange } of mappingsOf(one)) {
            if (containerPortRange === undefined && !isPort(containerPort ?? 0))
              yield `Invalid 'containerPort' setting for container '${one.name}'.`;
            if (containerPortRange !== undefined && (containerPort ?? hostPort) !== undefined)
              yield `Invalid port mapping for container '${one.name}': cannot specify both single port and port range.`;
          }
      },
      shownBy: [
        container({ portMappings: [{}] }),
        container({ portMappings: [{ containerPort: 0 }] }),
        container({ portMappings: [{ containerPort: 65_536 }] }),
        container({ portMappings: [{ containerPort: 80, containerPortRange: '80-90' }] }),
      ],
    },
    {
      says: 'A port of the host is between 0 and 65535.',
      *mistakes(input) {
        for (const one of containersOf(input))
          for (const { hostPort = 0 } of mappingsOf(one))
            if (hostPort < 0 || hostPort > 65_535)
              yield `Invalid 'hostPort' setting for container '${one.name}'.`;
      },
      shownBy: [
        containerOnEc2({ portMappings: [{ containerPort: 80, hostPort: 70_000 }] }),
        containerOnEc2({ portMappings: [{ containerPort: 80, hostPort: -1 }] }),
      ],
    },
    {
      says: 'With awsvpc and host the port of the host is left out, or the same as the container port.',
      *mistakes(input) {
        const mode = networkModeOf(input);
        if (!SAME_PORTS.includes(mode)) return;
        for (const { hostPort, containerPort } of containersOf(input).flatMap(mappingsOf))
          if (hostPort !== undefined && containerPort !== undefined && hostPort !== containerPort)
            yield `When networkMode=${mode}, the host ports and container ports in port mappings must match.`;
      },
      shownBy: [
        container({ portMappings: [{ containerPort: 8080, hostPort: 80 }] }),
        container({ portMappings: [{ containerPort: 8080, hostPort: 0 }] }),
        { ...containerOnEc2({ portMappings: [{ containerPort: 8080, hostPort: 80 }] }), networkMode: 'host' },
      ],
    },
    {
      says: 'A port of the host is mapped once in a task.',
      *mistakes(input) {
        for (const port of repeated(hostPorts(input))) yield `${port} is mapped multiple times in task.`;
      },
      shownBy: [
        container({ portMappings: [{ containerPort: 8080 }, { containerPort: 8080 }] }),
        container({ portMappings: [{ containerPort: 8080 }] }, { portMappings: [{ containerPort: 8080 }] }),
        containerOnEc2({
          portMappings: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 80 },
          ],
        }),
      ],
    },
    {
      says: 'Without a network there is no port mapping.',
      *mistakes(input) {
        if (networkModeOf(input) === 'none' && containersOf(input).flatMap(mappingsOf).length > 0)
          yield 'Port mappings are not supported when networkMode=none.';
      },
      shownBy: [{ ...containerOnEc2({ portMappings: [{ containerPort: 80 }] }), networkMode: 'none' }],
    },
    {
      says: 'A range of ports goes from a lower to a higher one, with bridge or awsvpc.',
      *mistakes(input) {
        const mode = networkModeOf(input);
        for (const one of containersOf(input)) {
          const ranges = mappingsOf(one).flatMap(({ containerPortRange = [] }) => containerPortRange);
          if (ranges.some((range) => boundsOf(range) === undefined))
            yield `Invalid 'containerPortRange' setting for container '${one.name}'.`;
          if (ranges.length > 0 && !['bridge', 'awsvpc'].includes(mode))
            yield `Container port ranges are not supported when networkMode=${mode}.`;
          if (ranges.length > MOST_RANGES)
            yield `Container '${one.name}' has more than ${MOST_RANGES} container port ranges.`;
        }
      },
      shownBy: [
        container({ portMappings: [{ containerPortRange: '90-80' }] }),
        container({ portMappings: [{ containerPortRange: '80' }] }),
        container({ portMappings: [{ containerPortRange: '0-80' }] }),
        { ...containerOnEc2({ portMappings: [{ containerPortRange: '80-90' }] }), networkMode: 'host' },
      ],
    },
    {
      says: 'A port of a container is in one mapping of it, alone or in a range.',
      *mistakes(input) {
        for (const one of containersOf(input)) {
          const taken = mappingsOf(one).map(({ containerPort, containerPortRange, protocol = 'tcp' }) => ({
            protocol,
            bounds:
              containerPortRange === undefined
                ? ([containerPort ?? 0, containerPort ?? 0] as const)
                : boundsOf(containerPortRange),
            range: containerPortRange !== undefined,
          }));
          for (const protocol of ['tcp', 'udp']) {
            const mine = taken.filter((mapping) => mapping.protocol === protocol);
            if (
              mine.some(({ range }) => range) &&
              overlap(mine.flatMap(({ bounds }) => (bounds ? [bounds] : [])))
            )
              yield `The container port is used multiple times in task for container '${one.name}'.`;
          }
        }
      },
      shownBy: [
        container({ portMappings: [{ containerPortRange: '80-90' }, { containerPortRange: '85-95' }] }),
        container({ portMappings: [{ containerPortRange: '80-90' }, { containerPort: 85 }] }),
      ],
    },
    {
      says: 'The name of a port mapping has up to 64 lower-case letters, digits, underscores and hyphens, and is there once.',
      *mistakes(input) {
        const names = containersOf(input)
          .flatMap(mappingsOf)
          .flatMap(({ name = [] }) => name);
        for (const name of names)
          if (!/^[a-z0-9_][a-z0-9_-]{0,63}$/.test(name)) yield `Invalid port mapping name '${name}'.`;
        for (const name of repeated(names)) yield `Port mapping name '${name}' is already used.`;
      },
      shownBy: [
        container({ portMappings: [{ containerPort: 80, name: 'HTTP' }] }),
        container({ portMappings: [{ containerPort: 80, name: '-http' }] }),
        container({
          portMappings: [
            { containerPort: 80, name: 'http' },
            { containerPort: 81, name: 'http' },
          ],
        }),
      ],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'Containers of Windows on Fargate do not use port 3150, which is reserved.',
      *mistakes(input) {
        if (!needsFargate(input) || !isWindows(input)) return;
        if (
          containersOf(input)
            .flatMap(mappingsOf)
            .some(({ containerPort }) => containerPort === 3_150)
        )
          yield 'Container port 3150 is reserved for Windows containers on Fargate.';
      },
      shownBy: [
        onFargate({
          cpu: '1024',
          memory: '2048',
          runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' },
          containerDefinitions: [
            { name: 'orders', image: 'orders', portMappings: [{ containerPort: 3_150 }] },
          ],
        }),
      ],
    },
  ]),
];
