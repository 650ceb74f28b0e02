import type { World } from '../world/world.ts';
import type { Repository } from './store.ts';

/** What a registry gives repositories that it makes by itself, below a prefix. */
export interface CreationTemplate extends Pick<Repository, 'tagMutability' | 'encryption' | 'resourceTags'> {
  readonly prefix: string;
  readonly appliedFor: readonly string[];
  readonly description?: string;
  readonly role?: string;
}

/** By prefix. */
export function creationTemplatesOf(
  world: World,
  account: string,
  region: string,
): Record<string, CreationTemplate> {
  return world.state<Record<string, CreationTemplate>>('ecr-creation-templates', account, region, () => ({}));
}

/**
 * With what a repository begins that a copy makes: by the template of the longest prefix, else as ECR makes any, with tags
 * that can be moved. Nothing comes along from the repository that is copied.
 */
export function copiedSettings(
  world: World,
  { registryId, name }: Pick<Repository, 'registryId' | 'name'>,
  region: string,
): Pick<Repository, 'tagMutability' | 'encryption' | 'resourceTags'> {
  const fitting = Object.values(creationTemplatesOf(world, registryId, region))
    .filter(({ appliedFor }) => appliedFor.includes('REPLICATION'))
    .filter(({ prefix }) => prefix === 'ROOT' || name.startsWith(`${prefix}/`))
    .toSorted((a, b) => length(b.prefix) - length(a.prefix));
  const [template] = fitting;
  if (!template) return { tagMutability: 'MUTABLE', encryption: { encryptionType: 'AES256' } };
  const { tagMutability, encryption, resourceTags } = template;
  return { tagMutability, encryption, ...(resourceTags && { resourceTags: { ...resourceTags } }) };
}

const length = (prefix: string) => (prefix === 'ROOT' ? 0 : prefix.length);
