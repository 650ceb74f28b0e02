import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import {
  containersOf,
  type Definition,
  definitionRules,
  isSet,
  isWindows,
  needsFargate,
} from './definition.ts';
import { container, containerOnEc2, onEc2 } from './examples.ts';

const WINDOWS = { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture: 'X86_64' } as const;

/** Members whose descriptions end in "This parameter is not supported for Windows containers". */
const OF_LINUX = [
  'links',
  'linuxParameters',
  'user',
  'disableNetworking',
  'privileged',
  'readonlyRootFilesystem',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'ulimits',
] as const satisfies readonly (keyof ContainerDefinition)[];

const onWindows = (change: ContainerDefinition): Definition => ({
  ...containerOnEc2(change),
  runtimePlatform: WINDOWS,
});

const windowsOnFargate: Definition = {
  ...container({}),
  cpu: '1024',
  memory: '2048',
  runtimePlatform: WINDOWS,
};

const EFS = { name: 'data', efsVolumeConfiguration: { fileSystemId: 'fs-12345678' } };
const FSX = {
  name: 'data',
  fsxWindowsFileServerVolumeConfiguration: {
    fileSystemId: 'fs-12345678',
    rootDirectory: 'share',
    authorizationConfig: {
      credentialsParameter: 'arn:aws:ssm:eu-west-1:000011112222:parameter/fsx',
      domain: 'd',
    },
  },
};

/** What Windows has not, and Linux has. */
export const windowsRules = [
  ...definitionRules('ContainerDefinition - Amazon Elastic Container Service API Reference', [
    {
      /** Assumes ecs-refuses-what-windows-lacks. */
      says: 'A container of Windows has no setting that only Linux has.',
      *mistakes(input) {
        if (!isWindows(input)) return;
        for (const one of containersOf(input))
          for (const member of OF_LINUX)
            if (isSet(one[member])) yield `${member} is not supported for Windows containers.`;
      },
      shownBy: [
        onWindows({ readonlyRootFilesystem: true }),
        onWindows({ linuxParameters: { initProcessEnabled: true } }),
        onWindows({ ulimits: [{ name: 'nofile', softLimit: 1, hardLimit: 1 }] }),
        onWindows({ user: '1000' }),
      ],
    },
  ]),
  ...definitionRules('Storage options for Amazon ECS tasks', [
    {
      says: 'Linux mounts EFS, and Windows mounts FSx for Windows File Server.',
      *mistakes(input) {
        const family = input.runtimePlatform?.operatingSystemFamily;
        for (const volume of input.volumes ?? []) {
          if (volume.efsVolumeConfiguration && isWindows(input))
            yield `efsVolumeConfiguration of volume '${volume.name}' is not supported for Windows containers.`;
          if (volume.fsxWindowsFileServerVolumeConfiguration && family === 'LINUX')
            yield `fsxWindowsFileServerVolumeConfiguration of volume '${volume.name}' is not supported for Linux containers.`;
        }
      },
      shownBy: [
        onEc2({ runtimePlatform: WINDOWS, volumes: [EFS] }),
        onEc2({ runtimePlatform: { operatingSystemFamily: 'LINUX' }, volumes: [FSX] }),
      ],
    },
  ]),
  ...definitionRules('Fargate task ephemeral storage for Amazon ECS - Amazon Elastic Container Service', [
    {
      says: 'Fargate expands no storage of Windows.',
      *mistakes(input) {
        if (needsFargate(input) && isWindows(input) && input.ephemeralStorage !== undefined)
          yield 'EphemeralStorage is not supported for Windows containers.';
      },
      shownBy: [{ ...windowsOnFargate, ephemeralStorage: { sizeInGiB: 30 } }],
    },
  ]),
];
