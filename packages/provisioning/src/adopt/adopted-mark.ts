import type { Template } from '../stacks/template.ts';

const MEMBER = 'AdoptedBy';

/** What the template of a stack says whose resources were there before it. */
export const adoptedMark = (contract: string): Readonly<Record<string, string>> => ({ [MEMBER]: contract });

/** The contract under which a stack was adopted; `undefined` of one whose resources were made. */
export function adoptedBy({ Metadata }: Pick<Template, 'Metadata'>): string | undefined {
  return Metadata?.[MEMBER];
}
