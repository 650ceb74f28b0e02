import type { StackResource } from '../state.ts';
import type { Undo } from './operation.ts';
import { tell } from './settle.ts';
import { makingFor, settled, typeOf, type Work } from './work.ts';

/** Brings a resource back to what it was before the operation; what was made now is left for the cleaning. */
export async function restoreResource(work: Work, resource: StackResource, undo: Undo): Promise<void> {
  const { world, operation } = work;
  const { logicalId } = resource;
  if (undo.kind === 'made') {
    operation.leftovers.push({ logicalId, resource, keep: false });
    return;
  }
  const { before } = undo;
  await tell(work, resource, 'UPDATE', async () => {
    if (undo.kind === 'replaced') {
      if (resource.physicalId !== before.physicalId)
        operation.leftovers.push({ logicalId, resource: { ...resource }, keep: false });
      Object.assign(resource, before);
      return;
    }
    const { physicalId = '', properties } = resource;
    const made = makingFor(work, before, before.properties);
    const type = typeOf(resource.type);
    await type.update(world, physicalId, made, properties);
    Object.assign(resource, before);
    await settled(work, () => type.stable?.(world, physicalId, made) ?? true);
  });
}
