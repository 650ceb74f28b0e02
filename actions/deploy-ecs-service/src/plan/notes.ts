import type { ResolvedService } from '@tenant-delivery/tenancy';

/** Wishes of the manifest that a delivery leaves alone, a sentence each, so that nobody takes a plan for more than it is. */
export function notesOf({ scaling }: Pick<ResolvedService, 'scaling'>): readonly string[] {
  return scaling.min.from === 'manifest'
    ? [
        `The manifest asks for ${scaling.min.value} to ${scaling.max.value} tasks: a delivery leaves counts and scaling as they are, setting them is not supported yet.`,
      ]
    : [];
}
