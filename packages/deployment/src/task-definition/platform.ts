import type { TaskDefinitionDocument } from '../observed.ts';
import { isObject } from './task-definition.ts';

const ARCHITECTURES: Readonly<Record<string, string>> = { X86_64: 'amd64', ARM64: 'arm64' };

/**
 * The platform that tasks of this task definition run on, as images name it; ECS's default is linux/amd64.
 * `undefined` when the task definition names one that images have no word for.
 */
export function platformOf(document: TaskDefinitionDocument): string | undefined {
  const runtime = document['runtimePlatform'];
  const of = (member: string) => (isObject(runtime) ? runtime[member] : undefined);
  const family = of('operatingSystemFamily') ?? 'LINUX';
  const architecture = ARCHITECTURES[String(of('cpuArchitecture') ?? 'X86_64')];
  if (typeof family !== 'string' || architecture === undefined) return undefined;
  return `${family.startsWith('WINDOWS') ? 'windows' : family.toLowerCase()}/${architecture}`;
}
