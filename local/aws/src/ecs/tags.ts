import type { Tag } from '@aws-sdk/client-ecs';
import type { EcsStore } from './store.ts';

export function tagsOf(store: EcsStore, arn: string): Tag[] {
  return Object.entries(store.tags[arn] ?? {}).map(([key, value]) => ({ key, value }));
}

export function addTags(store: EcsStore, arn: string, tags: readonly Tag[]): void {
  const added = Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  store.tags[arn] = { ...store.tags[arn], ...added };
}
