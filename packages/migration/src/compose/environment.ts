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
    ask(text, names) {
      // A program of the job may write the file that Compose reads: then the shell's answer is not all.
      const open = names.filter((name) => {
        const value = place.environment(name) ? undefined : ofFiles(name);
        return value?.kind === 'shell' && value.otherwise === undefined;
      });
      const { found } = ofFiles;
      return place.ask(
        text,
        names,
        found === undefined || open.length === 0 ? undefined : { file: found, names: open },
      );
    },
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
