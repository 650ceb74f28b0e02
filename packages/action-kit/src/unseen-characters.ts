/**
 * Characters that take no room, turn the direction of a text or stand for nothing: with one, a reader approves what does not
 * stand there. Unicode's own classes, and the blank of braille; lone surrogates, which no file can hold.
 */
const UNSEEN = String.raw`[[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\p{Cf}\p{Cc}\p{Cs}\u2800]--[\t\n\v\f\r]]`;
/** In a terminal these write over what is there. */
const OVERWRITING = String.raw`[\v\f\r]`;
const EMOJI = String.raw`\p{RGI_Emoji}`;
const COLOUR = String.raw`\x1b\[[\d;]*m`;

/** What a plain text is made of: nothing to look for, which spares most starts the patterns below. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;

const kept = (...those: readonly string[]) => `(?<kept>${those.join('|')})|`;

/** Where a text is read, and what stays there: in a value nothing, and emoji that Unicode recommends where people write. */
const PLACES = {
  value: UNSEEN,
  sentence: kept(EMOJI) + UNSEEN,
  log: kept(EMOJI, COLOUR) + UNSEEN,
  terminal: `${kept(EMOJI, COLOUR)}${UNSEEN}|${OVERWRITING}`,
};

type Place = keyof typeof PLACES;

/** Compiled at first use: Unicode's classes take a good part of an action's start. */
const patterns = new Map<Place, RegExp>();

function patternOf(where: Place): RegExp {
  const pattern = patterns.get(where) ?? new RegExp(PLACES[where], 'gv');
  patterns.set(where, pattern);
  return pattern;
}

/** The text with each invisible character written as its number, such as ‹U+2060›. Doing it twice changes nothing more. */
export function showUnseen(text: string, where: Place): string {
  if (PLAIN.test(text)) return text;
  return text.replace(patternOf(where), (found, ...rest) => {
    const groups: unknown = rest.at(-1);
    const stays = typeof groups === 'object' && groups !== null && Reflect.get(groups, 'kept') !== undefined;
    const point = found.codePointAt(0) ?? 0;
    return stays ? found : `‹U+${point.toString(16).toUpperCase().padStart(4, '0')}›`;
  });
}
