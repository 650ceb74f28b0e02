import { BREAK_GLASS } from '@tenant-delivery/break-glass/test/stories';
import { EVERY_KIND } from '@tenant-delivery/credentials/test/every-kind';

/** Everything that the engine turns: each kind of credential that has a plan of its own, and grants. */
export const ROTATING = { ...EVERY_KIND, 'break-glass': BREAK_GLASS } as const;

export type Rotating = keyof typeof ROTATING;
