import { ASSUMPTIONS } from '@tenant-delivery/release/assumptions';
import { JUDGES_OF_AWS } from './judges-of-aws.ts';
import { JUDGES_OF_GITHUB } from './judges-of-github.ts';
import { type Judge, type Judgement, NOT_SEEN, type Seen } from './seen.ts';

export interface Judged {
  readonly id: string;
  readonly judgement: Judgement;
  readonly why: string;
}

/** Of each assumption that a canary sees, what its plays show of it. */
export const JUDGES: Readonly<Record<string, Judge>> = { ...JUDGES_OF_AWS, ...JUDGES_OF_GITHUB };

/** One judgement for each assumption, in their order. For what only a person sees, `why` says what they do. */
export function judge(seen: Seen): readonly Judged[] {
  return ASSUMPTIONS.map(({ id, seenBy }) => {
    if ('person' in seenBy) return { id, judgement: 'not seen', why: seenBy.person };
    const [judgement, why] = JUDGES[id]?.(seen) ?? NOT_SEEN;
    return { id, judgement, why };
  });
}
