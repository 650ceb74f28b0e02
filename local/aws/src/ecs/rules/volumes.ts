import type { Volume } from '@aws-sdk/client-ecs';
import { containersOf, definitionRules, EC2, FARGATE, needsFargate, repeated } from './definition.ts';
import { container, onEc2, onFargate } from './examples.ts';

const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** Members of a volume that say where it comes from; it comes from one place. */
const SOURCES = [
  'host',
  'dockerVolumeConfiguration',
  'efsVolumeConfiguration',
  's3filesVolumeConfiguration',
  'fsxWindowsFileServerVolumeConfiguration',
] as const satisfies readonly (keyof Volume)[];

const mounted = (volume: Volume) => ({
  ...container({ mountPoints: [{ sourceVolume: volume.name, containerPath: '/data' }] }),
  volumes: [volume],
});

export const volumeRules = [
  ...definitionRules(EC2, [
    {
      says: 'A volume has a name of up to 255 letters, digits, underscores and hyphens, and no other has it.',
      *mistakes({ volumes = [] }) {
        for (const { name = '' } of volumes) {
          if (name === '') yield 'Volume.name should not be null or empty.';
          else if (!NAME.test(name)) yield 'Volume.name contains invalid characters.';
        }
        for (const name of repeated(volumes.map((volume) => volume.name)))
          yield `Duplicate volume name '${name}'.`;
      },
      shownBy: [
        onFargate({ volumes: [{ host: {} }] }),
        onFargate({ volumes: [{ name: 'a b' }] }),
        onFargate({ volumes: [{ name: 'data' }, { name: 'data' }] }),
      ],
    },
    {
      says: 'A mount point names a volume of the task, and a path in the container.',
      *mistakes(input) {
        const known = (input.volumes ?? []).map(({ name }) => name);
        for (const { sourceVolume, containerPath = '' } of containersOf(input).flatMap(
          ({ mountPoints = [] }) => mountPoints,
        )) {
          if (sourceVolume === undefined || !known.includes(sourceVolume))
            yield `Unknown volume '${sourceVolume ?? 'null'}'.`;
          else if (containerPath === '')
            yield `Mount point of volume '${sourceVolume}' should have a containerPath.`;
        }
      },
      shownBy: [
        container({ mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
        container({ mountPoints: [{ containerPath: '/data' }] }),
        {
          ...container({ mountPoints: [{ sourceVolume: 'data' }] }),
          volumes: [{ name: 'data' }],
        },
      ],
    },
    {
      says: 'Volumes are taken from containers of the task.',
      *mistakes(input) {
        const names = containersOf(input).map(({ name }) => name);
        for (const { sourceContainer } of containersOf(input).flatMap(({ volumesFrom = [] }) => volumesFrom))
          if (!names.includes(sourceContainer))
            yield `Invalid 'volumesFrom' setting. Unknown container: '${sourceContainer ?? 'null'}'`;
      },
      shownBy: [container({ volumesFrom: [{ sourceContainer: 'envoy' }] }), container({ volumesFrom: [{}] })],
    },
    {
      says: 'A volume comes from one place, and a path of the host is not blank.',
      *mistakes({ volumes = [] }) {
        for (const volume of volumes) {
          if (SOURCES.filter((source) => volume[source] !== undefined).length > 1)
            yield `Volume '${volume.name}' has more than one configuration.`;
          if (volume.host?.sourcePath === '') yield 'host.sourcePath should not be blank.';
        }
      },
      shownBy: [
        onEc2({ volumes: [{ name: 'data', host: {}, efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] }),
        onEc2({ volumes: [{ name: 'data', host: { sourcePath: '' } }] }),
      ],
    },
    {
      says: 'One volume at most is configured at launch, and a container mounts it.',
      *mistakes(input) {
        const late = (input.volumes ?? []).filter(({ configuredAtLaunch }) => configuredAtLaunch);
        const mounts = containersOf(input).flatMap(({ mountPoints = [] }) => mountPoints);
        if (late.length > 1) yield 'A task definition can have only one volume that is configured at launch.';
        const idle = late.filter(({ name }) => !mounts.some(({ sourceVolume }) => sourceVolume === name));
        if (idle.length > 0)
          yield `Volumes [${idle.map(({ name }) => name).join(', ')}] are not referenced by any of the containers.`;
      },
      shownBy: [
        onFargate({ volumes: [{ name: 'data', configuredAtLaunch: true }] }),
        onFargate({
          volumes: [
            { name: 'data', configuredAtLaunch: true },
            { name: 'more', configuredAtLaunch: true },
          ],
        }),
      ],
    },
    {
      says: 'A Docker volume is provisioned by itself only when it is shared.',
      *mistakes({ volumes = [] }) {
        for (const { dockerVolumeConfiguration: docker, name } of volumes)
          if (docker?.autoprovision !== undefined && docker.scope !== 'shared')
            yield `Volume '${name}' has autoprovision, which is only valid for the scope shared.`;
      },
      shownBy: [onEc2({ volumes: [{ name: 'data', dockerVolumeConfiguration: { autoprovision: true } }] })],
    },
  ]),
  ...definitionRules('EFSVolumeConfiguration - Amazon Elastic Container Service API Reference', [
    {
      says: 'Authorization of EFS needs encryption in transit, and an access point sets the root directory.',
      *mistakes({ volumes = [] }) {
        for (const { efsVolumeConfiguration: efs } of volumes) {
          if (!efs) continue;
          const encrypted = efs.transitEncryption === 'ENABLED';
          const { accessPointId, iam } = efs.authorizationConfig ?? {};
          if (iam === 'ENABLED' && !encrypted)
            yield 'EFS IAM authorization requires TransitEncryption to be enabled.';
          if (accessPointId !== undefined && !encrypted)
            yield 'EFS access points require TransitEncryption to be enabled.';
          if (accessPointId !== undefined && !['/', undefined].includes(efs.rootDirectory))
            yield 'When using an EFS access point, the root directory must either be set to "/" or be omitted.';
        }
      },
      shownBy: [
        mounted({
          name: 'data',
          efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { iam: 'ENABLED' } },
        }),
        mounted({
          name: 'data',
          efsVolumeConfiguration: { fileSystemId: 'fs-1', authorizationConfig: { accessPointId: 'fsap-1' } },
        }),
        mounted({
          name: 'data',
          efsVolumeConfiguration: {
            fileSystemId: 'fs-1',
            transitEncryption: 'ENABLED',
            rootDirectory: '/orders',
            authorizationConfig: { accessPointId: 'fsap-1' },
          },
        }),
      ],
    },
    {
      says: 'A port for encryption needs encryption in transit, and is one.',
      *mistakes({ volumes = [] }) {
        for (const { efsVolumeConfiguration: efs, s3filesVolumeConfiguration: s3 } of volumes) {
          if (efs?.transitEncryptionPort !== undefined && efs.transitEncryption !== 'ENABLED')
            yield 'TransitEncryptionPort requires that TransitEncryption is enabled.';
          for (const port of [efs?.transitEncryptionPort, s3?.transitEncryptionPort])
            if (port !== undefined && (port < 1 || port > 65_535))
              yield 'TransitEncryptionPort must be between 1 and 65535.';
        }
      },
      shownBy: [
        mounted({
          name: 'data',
          efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryptionPort: 2_999 },
        }),
        mounted({
          name: 'data',
          efsVolumeConfiguration: {
            fileSystemId: 'fs-1',
            transitEncryption: 'ENABLED',
            transitEncryptionPort: 70_000,
          },
        }),
      ],
    },
  ]),
  ...definitionRules('S3FilesVolumeConfiguration - Amazon Elastic Container Service API Reference', [
    {
      says: 'An access point of S3 Files sets the root directory.',
      *mistakes({ volumes = [] }) {
        for (const { s3filesVolumeConfiguration: files } of volumes)
          if (files?.accessPointArn !== undefined && !['/', undefined].includes(files.rootDirectory))
            yield 'When using an S3 Files access point, the root directory must either be set to "/" or be omitted.';
      },
      shownBy: [
        mounted({
          name: 'data',
          s3filesVolumeConfiguration: {
            fileSystemArn: 'arn:aws:s3files:eu-west-1:000011112222:file-system/fs-1',
            accessPointArn: 'arn:aws:s3files:eu-west-1:000011112222:file-system/fs-1/access-point/fsap-1',
            rootDirectory: '/orders',
          },
        }),
      ],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'Fargate has no host whose paths, Docker volumes or Windows file servers a task could mount.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const {
          host,
          dockerVolumeConfiguration,
          fsxWindowsFileServerVolumeConfiguration,
        } of input.volumes ?? []) {
          const found = {
            sourcePath: host?.sourcePath,
            dockerVolumeConfiguration,
            fsxWindowsFileServerVolumeConfiguration,
          };
          for (const [member, value] of Object.entries(found))
            if (value !== undefined) yield `Fargate compatible task definitions do not support ${member}`;
        }
      },
      shownBy: [
        mounted({ name: 'data', host: { sourcePath: '/var/data' } }),
        mounted({ name: 'data', dockerVolumeConfiguration: { scope: 'task' } }),
        mounted({
          name: 'data',
          fsxWindowsFileServerVolumeConfiguration: {
            fileSystemId: 'fs-1',
            rootDirectory: '\\data',
            authorizationConfig: {
              credentialsParameter: 'arn:aws:ssm:eu-west-1:000011112222:parameter/x',
              domain: 'acme',
            },
          },
        }),
      ],
    },
  ]),
];
