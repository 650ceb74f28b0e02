import { isScalar, parseAllDocuments, visit } from 'yaml';

/** Members by their names. */
export type Members = Readonly<Record<string, unknown>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Odd);
}

/** A value that programs read in different ways, such as `012` or a date. */
export class Odd {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

/** A compose file with every value as the text that Compose makes of it; or why it is not read. */
export function readYaml(text: string, file: string): Members | { readonly why: string } {
  const documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
  const [document, ...more] = Array.isArray(documents) ? documents : [];
  if (document === undefined || more.length > 0) return { why: `${file} is not one document of YAML` };
  const [mistake] = [...document.errors, ...document.warnings];
  if (mistake) return { why: `${file} is not read: ${mistake.message.split('\n')[0]}` };
  visit(document, {
    Scalar: (_, node) => {
      if (node.type === 'PLAIN' && typeof node.source === 'string')
        node.value = plainText(node.source, node.value);
      return undefined;
    },
    Pair: (_, pair) => {
      if (isScalar(pair.key) && pair.key.value !== '<<')
        pair.key.value = String(pair.key.source ?? pair.key.value);
      return undefined;
    },
  });
  const root: unknown = document.toJS({ maxAliasCount: 1000 });
  return isMembers(root) ? root : { why: `${file} has no members` };
}

/** What looks like a number or a date to Compose. */
const NUMBER =
  /^[-+]?(?:0x[\da-f]+|0b[01]+|0o?[0-7]+|\d+|(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?|\.inf)$|^\.nan$/i;
const DATE = /^\d{4}-\d{1,2}-\d{1,2}/;

function plainText(source: string, value: unknown): unknown {
  if (value === null) return null;
  if (/^(?:true|false)$/i.test(source)) return source.toLowerCase();
  if (DATE.test(source)) return new Odd(source);
  if (!NUMBER.test(source.replaceAll('_', ''))) return source;
  if (/^(?:0|-?[1-9]\d{0,14})$/.test(source)) return source;
  return /^(?:0|[1-9]\d{0,8})\.\d{1,6}$/.test(source) ? floatText(source) : new Odd(source);
}

/** `18.10` is a number, and loses its last zero. */
function floatText(source: string): unknown {
  const number = Number(source);
  return number === 0 || number >= 0.001 ? String(number) : new Odd(source);
}
