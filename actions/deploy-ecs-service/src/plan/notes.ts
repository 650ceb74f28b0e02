import type { ResolvedService } from '@tenant-delivery/tenancy/resolve';

/** What the manifest asks for and a delivery leaves alone, a sentence each, so that nobody expects more of a plan than it does. */
export function notesOf({ scaling }: Pick<ResolvedService, 'scaling'>): readonly string[] {
  return scaling.min.from === 'manifest'
    ? [
        `The manifest asks for ${scaling.min.value} to ${scaling.max.value} tasks: a delivery leaves counts and scaling as they are, setting them is not supported yet.`,
      ]
    : [];
}
