import { piecesOf } from '../expressions.ts';
import type { OfFiles } from './env-files.ts';
import type { ComposePlace } from './place.ts';
import type { Environment } from './substitute.ts';

/** The environment of a compose command: what it has itself, and then what files of variables say. */
export function environmentOf(place: ComposePlace, ofFiles: OfFiles): Environment {
  return {
    of(name) {
      const own = place.environment(name);
      if (own === undefined) return ofFiles(name);
      if ('why' in own) return { kind: 'unknown', why: own.why };
      const empty = isEmpty(own.text, place);
      return {
        kind: 'text',
        text: own.text,
        ...(empty !== undefined && { empty }),
        ...(own.ofCommand && { ofCommand: true }),
      };
    },
    ask: (text, names) => place.ask(text, names),
  };
}

/** Whether a text is empty in every run, or in none. */
function isEmpty(text: string, { resolve, isGiven }: ComposePlace): boolean | undefined {
  const pieces = piecesOf(resolve(text));
  if (pieces.length === 0) return true;
  const sure = pieces.some((piece) =>
    'literal' in piece ? piece.literal !== '' : isGiven(piece.expression),
  );
  return sure ? false : undefined;
}
