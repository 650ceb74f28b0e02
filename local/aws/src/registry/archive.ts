import type { ImageStatus } from '@aws-sdk/client-ecr';
import type { World } from '../world/world.ts';
import type { StoredManifest } from './store.ts';

/** Virtual milliseconds from asking an archived image back to having it; "usually within 20 minutes" at ECR. */
const RESTORED_AFTER = 20 * 60_000;

/** Whether an image can be pulled and inspected: one in the archive, or on its way back, cannot. */
export function statusOf(world: World, { archive }: StoredManifest): ImageStatus {
  if (archive === undefined) return 'ACTIVE';
  if (archive.restoredAt === undefined) return 'ARCHIVED';
  return world.clock.now() - archive.restoredAt < RESTORED_AFTER ? 'ACTIVATING' : 'ACTIVE';
}
