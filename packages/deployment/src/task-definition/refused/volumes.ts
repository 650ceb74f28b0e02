import type { Mistake } from '@tenant-delivery/action-kit/document';
import { nearest } from '@tenant-delivery/domain';
import type { JsonObject } from '../../json.ts';
import type { TaskDefinitionDocument } from '../../observed.ts';
import {
  numberOf,
  objectIn,
  objectsIn,
  onFargate,
  type Placed,
  placedContainers,
  repeatedIn,
  textOf,
} from './reading.ts';

const SOURCES = [
  'host',
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
] as const;

/** Volumes of the task, and what containers mount of them. */
export function volumeMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const volumes = objectsIn(document['volumes']);
  const names = volumes.flatMap(({ name }) => textOf(name) ?? []);
  const fargate = onFargate(document);
  return [
    ...repeatedIn(names).map((name) => ({ path: `volumes.${name}`, problem: 'is there twice' })),
    ...volumes.flatMap((volume, at) => {
      const path = `volumes.${textOf(volume['name']) || at}`;
      return [
        ...sourceMistakes(path, volume),
        ...efsMistakes(path, volume),
        ...(fargate ? hostMistakes(path, volume) : []),
      ];
    }),
    ...launchMistakes(document, volumes),
    ...placedContainers(document).flatMap((placed) => mountMistakes(placed, names)),
  ];
}

/** Volumes that are configured at launch: one, and something mounts it. */
function launchMistakes(
  document: TaskDefinitionDocument,
  volumes: readonly JsonObject[],
): readonly Mistake[] {
  const late = volumes.filter((volume) => volume['configuredAtLaunch'] === true);
  const mounted = placedContainers(document).flatMap(({ container }) =>
    objectsIn(container['mountPoints']).map(({ sourceVolume }) => sourceVolume),
  );
  const idle = late.filter(({ name }) => !mounted.includes(name ?? null));
  return [
    ...(late.length > 1
      ? [{ path: 'volumes', problem: 'have two that are configured at launch; ECS takes one' }]
      : []),
    ...idle.map(({ name }) => ({
      path: `volumes.${textOf(name) ?? ''}`,
      problem: 'is configured at launch, and no container mounts it',
    })),
  ];
}

function sourceMistakes(path: string, volume: JsonObject): readonly Mistake[] {
  const name = textOf(volume['name']) ?? '';
  const given = SOURCES.filter((source) => (volume[source] ?? null) !== null);
  const docker = objectIn(volume['dockerVolumeConfiguration']);
  const provisioned = docker && (docker['autoprovision'] ?? null) !== null && docker['scope'] !== 'shared';
  return [
    ...(/^[\w-]{1,255}$/.test(name)
      ? []
      : [{ path, problem: 'has no valid name: up to 255 letters, digits, underscores and hyphens' }]),
    ...(given.length > 1 ? [{ path, problem: `comes from ${given.join(' and ')}; keep one of them` }] : []),
    ...(objectIn(volume['host'])?.['sourcePath'] === ''
      ? [{ path: `${path}.host.sourcePath`, problem: 'is empty; leave it out' }]
      : []),
    ...(provisioned
      ? [
          {
            path: `${path}.dockerVolumeConfiguration.autoprovision`,
            problem: 'is for the scope shared alone',
          },
        ]
      : []),
  ];
}

function efsMistakes(at: string, volume: JsonObject): readonly Mistake[] {
  const efs = objectIn(volume['efsVolumeConfiguration']);
  const files = objectIn(volume['s3filesVolumeConfiguration']);
  const path = `${at}.${efs ? 'efsVolumeConfiguration' : 's3filesVolumeConfiguration'}`;
  const { iam, accessPointId } = objectIn(efs?.['authorizationConfig']) ?? {};
  const encrypted = efs?.['transitEncryption'] === 'ENABLED';
  const port = numberOf((efs ?? files)?.['transitEncryptionPort']);
  const point = textOf(accessPointId) ?? textOf(files?.['accessPointArn']);
  const root = textOf((efs ?? files)?.['rootDirectory']) ?? '/';
  const needsEncryption =
    iam === 'ENABLED' || textOf(accessPointId) !== undefined || (efs && port !== undefined);
  return [
    ...(needsEncryption && !encrypted
      ? [
          {
            path: `${path}.transitEncryption`,
            problem: 'must be ENABLED for IAM, an access point or a port for encryption',
          },
        ]
      : []),
    ...(point !== undefined && root !== '/'
      ? [{ path: `${path}.rootDirectory`, problem: 'is set by the access point; leave it out' }]
      : []),
    ...(port !== undefined && (port < 1 || port > 65_535)
      ? [{ path: `${path}.transitEncryptionPort`, problem: `is ${port}; ports are 1 to 65535` }]
      : []),
  ];
}

/** What only an instance has. */
function hostMistakes(path: string, volume: JsonObject): readonly Mistake[] {
  const problem = 'is not there on Fargate; use an EFS volume, or a volume without a host path';
  const found = {
    'host.sourcePath': objectIn(volume['host'])?.['sourcePath'],
    dockerVolumeConfiguration: volume['dockerVolumeConfiguration'],
    fsxWindowsFileServerVolumeConfiguration: volume['fsxWindowsFileServerVolumeConfiguration'],
  };
  return Object.entries(found).flatMap(([member, value]) =>
    (value ?? null) === null ? [] : [{ path: `${path}.${member}`, problem }],
  );
}

function mountMistakes({ path: at, container }: Placed, volumes: readonly string[]): readonly Mistake[] {
  const path = `${at}.mountPoints`;
  return objectsIn(container['mountPoints']).flatMap((mount) => {
    const name = textOf(mount['sourceVolume']);
    if (name === undefined) return [{ path, problem: 'has an entry without sourceVolume' }];
    const near = nearest(name, volumes);
    if (!volumes.includes(name))
      return [
        {
          path,
          problem: `names ${JSON.stringify(name)}, which is not there${near ? `; did you mean ${near}?` : ''}`,
        },
      ];
    return textOf(mount['containerPath']) ? [] : [{ path, problem: `mounts ${name} without containerPath` }];
  });
}
