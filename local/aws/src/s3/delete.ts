import { randomBytes } from 'node:crypto';
import type { DeleteObjectCommandInput, DeleteObjectCommandOutput } from '@aws-sdk/client-s3';
import type { Output } from '../services/output.ts';
import type { Call } from '../world/service.ts';
import { openBucket } from './access.ts';
import { addVersion } from './add-version.ts';
import { keyRemoved } from './keys.ts';
import { versionsOf } from './state.ts';
import { refuseIfRetained } from './write.ts';

/** DeleteObject: of a version it removes the bytes, of a key in a versioned bucket it only leaves a marker. */
export function deleteObject(input: DeleteObjectCommandInput, call: Call): Output<DeleteObjectCommandOutput> {
  const { Key = '', VersionId, BypassGovernanceRetention = false } = input;
  const bucket = openBucket(call, input);
  const now = call.world.clock.now();
  if (VersionId !== undefined || !bucket.versioned) {
    const versions = versionsOf(bucket, Key);
    const doomed = versions.find(({ id }) => id === (VersionId ?? 'null'));
    if (doomed) refuseIfRetained(doomed, now, BypassGovernanceRetention);
    const left = versions.filter((version) => version !== doomed);
    if (left.length > 0) bucket.objects[Key] = left;
    else if (doomed) {
      delete bucket.objects[Key];
      keyRemoved(bucket, Key);
    }
    call.world.touched();
    return {
      ...(VersionId === undefined ? {} : { VersionId }),
      ...(doomed?.deleted ? { DeleteMarker: true } : {}),
    };
  }
  const id = randomBytes(24).toString('base64url');
  const marker = {
    id,
    modified: now,
    deleted: true,
    sha256: '',
    size: 0,
    etag: '',
    contentType: '',
    metadata: {},
  };
  addVersion(bucket, Key, marker);
  call.world.touched();
  return { VersionId: id, DeleteMarker: true };
}
