import type { Place } from './new-step.ts';

/** What a text takes from a step: an output, or how it ended. */
export interface Reference {
  readonly id: string;
  /** Nothing for `outcome`, `conclusion`, and whatever else is asked of the step. */
  readonly output: string | undefined;
  readonly plain: boolean;
  /** Whether it only asks if all went well: `== 'success'`, `!= 'success'`. */
  readonly wellOrNot: boolean;
}

const NAMED = /\bsteps\.([\w-]+)(?:\.(outputs\.([\w-]+)|(?:outcome|conclusion)(\s*[=!]=\s*'success')?))?/gi;

export function referencesIn(text: string): readonly Reference[] {
  return [...text.matchAll(NAMED)].map(([, id = '', rest, output, well]) => ({
    id,
    output,
    plain: rest !== undefined,
    wellOrNot: well !== undefined,
  }));
}

/** Whether steps are named in a way that a program would have to compute: `steps[…]`, `toJSON(steps)`. */
export function computesSteps(text: string): boolean {
  return /\bsteps\s*(?:\[|\.\s*\*|\))/.test(text);
}

/** Where each output of the old steps is now, by `id.output` in lower case. */
export type Moves = ReadonlyMap<string, Place>;

export function keyOf(id: string, output: string): string {
  return `${id}.${output}`.toLowerCase();
}

/** A text with the outputs at their new places. */
export function moved(text: string, moves: Moves): string {
  return text.replace(/\bsteps\.([\w-]+)\.outputs\.([\w-]+)/gi, (found, id: string, output: string) => {
    const place = moves.get(keyOf(id, output));
    return place ? `steps.${place.id}.outputs.${place.output}` : found;
  });
}
