import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../../observed.ts';
import { type MemberKind, membersOfShape, type ShapeName } from '../known-members.ts';
import { type Keys, pathIn } from '../shape-mistakes.ts';
import { isObject } from '../task-definition.ts';

/**
 * Members without which AWS takes no object of a shape, as `@aws-sdk/client-ecs` has them. A test derives the same from the
 * SDK's own schemas. Of a task definition itself, and of what a health check needs, other places say more.
 */
export const REQUIRED_MEMBERS = {
  RepositoryCredentials: 'credentialsParameter',
  ContainerRestartPolicy: 'enabled',
  EnvironmentFile: 'value type',
  Device: 'hostPath',
  Tmpfs: 'containerPath size',
  Secret: 'name valueFrom',
  ContainerDependency: 'containerName condition',
  HostEntry: 'hostname ipAddress',
  Ulimit: 'name softLimit hardLimit',
  LogConfiguration: 'logDriver',
  ResourceRequirement: 'type',
  NvidiaMpsAllocation: 'memory',
  FirelensConfiguration: 'type',
  EFSVolumeConfiguration: 'fileSystemId',
  S3FilesVolumeConfiguration: 'fileSystemArn',
  FSxWindowsFileServerVolumeConfiguration: 'fileSystemId rootDirectory authorizationConfig',
  FSxWindowsFileServerAuthorizationConfig: 'credentialsParameter domain',
  ProxyConfiguration: 'containerName',
  InferenceAccelerator: 'deviceName deviceType',
  EphemeralStorage: 'sizeInGiB',
} as const satisfies Partial<Record<ShapeName, string>>;

/** Members that are not there and that AWS requires, at any depth. */
export function missingMembers(document: TaskDefinitionDocument): readonly Mistake[] {
  return missingIn({ shape: 'RegisterTaskDefinitionRequest' }, document, []).map((keys) => ({
    path: pathIn(document, keys),
    problem: 'is missing; AWS requires it',
  }));
}

function missingIn(kind: MemberKind, value: Json, keys: Keys): readonly Keys[] {
  if (typeof kind !== 'object') return [];
  if ('list' in kind)
    return (Array.isArray(value) ? value : []).flatMap((entry: Json, at) =>
      missingIn(kind.list, entry, [...keys, at]),
    );
  if (!isObject(value)) return [];
  const required: Partial<Record<ShapeName, string>> = REQUIRED_MEMBERS;
  const missing = (required[kind.shape]?.split(' ') ?? []).filter((name) => (value[name] ?? null) === null);
  const inner = [...membersOfShape(kind.shape)].flatMap(([name, member]) =>
    (value[name] ?? null) === null ? [] : missingIn(member, value[name] ?? null, [...keys, name]),
  );
  return [...missing.map((name) => [...keys, name]), ...inner];
}
