import { keyAdded } from './keys.ts';
import { type Bucket, type Version, versionsOf } from './state.ts';

export function addVersion(bucket: Bucket, key: string, version: Version): void {
  const older = versionsOf(bucket, key);
  bucket.objects[key] = bucket.versioned ? [...older, version] : [version];
  if (older.length === 0) keyAdded(bucket, key);
}
