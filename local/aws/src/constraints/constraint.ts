/** What a service's model says of a value beyond its type: the part of a shape that can refuse something. */
export interface Shape {
  readonly type: 'structure' | 'list' | 'map' | 'text' | 'number' | 'integer';
  /** Of a structure: the shapes of those members that have something to say. */
  readonly members?: Readonly<Record<string, string>>;
  /** Of a list or a map: the shape of its items, and of its keys. */
  readonly item?: string;
  readonly key?: string;
  /** The smallest number, or the fewest characters, bytes or items. */
  readonly min?: number;
  readonly max?: number;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  /** Never quoted in an answer. */
  readonly sensitive?: true;
}

/** One service's constraints: the shape of each operation's input, and the shapes by name. */
export interface Constraints {
  /** Where they are from, with version and licence. */
  readonly from: string;
  /** Empty for an input of which the model says no more than its types. */
  readonly operations: Readonly<Record<string, string>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

const compiled = new Map<string, RegExp>();

/**
 * A pattern of a model, which is written for Java. AWS's services compare the whole text, unless the pattern says itself where it
 * begins or ends. An error for what JavaScript reads otherwise: `npm run models` compiles every pattern, so none gets here.
 */
export function expressionOf(pattern: string): RegExp {
  const known = compiled.get(pattern) ?? compile(pattern);
  compiled.set(pattern, known);
  return known;
}

/** Java's own: possessive quantifiers, intersections of classes, quotations, inline flags, and anchors and classes by letters. */
const JAVA_ONLY = /[*+?}]\+|&&|\\[QEAZzGhRXHV]|\(\?[a-z]+[):-]|\\p\{(Alpha|Alnum|ASCII|Punct|Graph|Is|java)/;

function compile(pattern: string): RegExp {
  if (JAVA_ONLY.test(pattern)) throw new Error(`JavaScript has nothing for the pattern ${pattern}`);
  const anchored = pattern.startsWith('^') || pattern.endsWith('$');
  const byCodePoints = /\\p\{|\\uD[89AB][0-9A-F]{2}\\uD[C-F]/i.test(pattern);
  return new RegExp(anchored ? pattern : `^(?:${pattern})$`, byCodePoints ? 'u' : '');
}
