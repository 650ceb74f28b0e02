import type { Tag } from '@aws-sdk/client-ecs';
import { AwsError } from '../world/service.ts';
import type { EcsStore } from './store.ts';

export function tagsOf(store: EcsStore, arn: string): Tag[] {
  return Object.entries(store.tags[arn] ?? {}).map(([key, value]) => ({ key, value }));
}

export function addTags(store: EcsStore, arn: string, tags: readonly Tag[]): void {
  const all = { ...store.tags[arn] };
  for (const { key, value } of tags) {
    if (key === undefined || key === '' || key.length > 128 || (value ?? '').length > 256) {
      throw new AwsError(
        'InvalidParameterException',
        'A tag key has 1 to 128 characters, a tag value up to 256.',
      );
    }
    if (/^aws:/i.test(key)) {
      throw new AwsError('InvalidParameterException', "Tag keys that begin with 'aws:' are reserved.");
    }
    all[key] = value ?? '';
  }
  if (Object.keys(all).length > 50) {
    throw new AwsError('InvalidParameterException', 'A resource has at most 50 tags.');
  }
  store.tags[arn] = all;
}
