import type { StackResource } from '../state.ts';
import { setResourceStatus } from './events.ts';
import { isGone } from './handler-error.ts';
import { tell } from './settle.ts';
import { makingFor, settled, typeOf, type Work } from './work.ts';

/** Removes one resource, or leaves it where `keep` says so. */
export async function removeResource(work: Work, resource: StackResource, keep: boolean): Promise<void> {
  const { world, stack } = work;
  const { physicalId } = resource;
  if (keep && physicalId !== undefined) {
    setResourceStatus(world, stack, resource, 'DELETE_SKIPPED');
    return;
  }
  await tell(work, resource, 'DELETE', async () => {
    if (physicalId === undefined) return; // its creation was refused
    const made = makingFor(work, resource, resource.properties);
    const type = typeOf(resource.type);
    try {
      await type.remove(world, physicalId, made);
    } catch (thrown) {
      if (!isGone(thrown)) throw thrown;
    }
    await settled(work, () => type.removed?.(world, physicalId, made) ?? true);
  });
}
