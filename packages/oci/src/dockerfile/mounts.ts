/** What a `RUN --mount` says of where its files come from, and why BuildKit refuses it. */
export interface Mount {
  readonly from?: string;
  readonly mistake?: string;
}

const SWITCHES = ['readonly', 'ro', 'readwrite', 'rw', 'required'];
const MODES = ['mode', 'uid', 'gid'];
const NAMED = [
  'type',
  'from',
  'source',
  'src',
  'target',
  'dst',
  'destination',
  'id',
  'env',
  'size',
  'sharing',
];
const WITH_MODE = ['cache', 'secret', 'ssh'];
const TYPES = ['bind', 'tmpfs', ...WITH_MODE];

/** Rule: Dockerfile reference, "RUN --mount". A value with a variable is not judged. */
export function mountOf(text: string): Mount {
  const fields = text.split(',').map((field): readonly [string, string | undefined] => {
    const at = field.indexOf('=');
    return at < 0
      ? [field.toLowerCase(), undefined]
      : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
  });
  const from = fields.findLast(([name]) => name === 'from')?.[1];
  const mistake = mistakeIn(fields);
  return { ...(from === undefined ? {} : { from }), ...(mistake === undefined ? {} : { mistake }) };
}

type Fields = readonly (readonly [string, string | undefined])[];

function mistakeIn(fields: Fields): string | undefined {
  for (const [name, value] of fields) {
    const mistake = fieldMistake(name, value);
    if (mistake !== undefined) return mistake;
  }
  const said = new Map(fields);
  const type = said.get('type') ?? 'bind';
  if (type.includes('$')) return undefined;
  return kindMistake(type.toLowerCase(), said);
}

function fieldMistake(name: string, value: string | undefined): string | undefined {
  const known = [...SWITCHES, ...MODES, ...NAMED];
  if (value === undefined)
    return SWITCHES.includes(name) ? undefined : `has ${name || 'an empty part'}, which needs a value`;
  if (!known.includes(name)) return `has ${name}, which is unknown`;
  if (value.includes('$')) return undefined;
  if (SWITCHES.includes(name) && !/^(1|t|true|0|f|false)$/i.test(value))
    return `has ${name}=${value}, which is neither true nor false`;
  if (MODES.includes(name) && !(name === 'mode' ? /^[0-7]+$/ : /^\d+$/).test(value))
    return `has ${name}=${value}, which is no number`;
  if (name === 'sharing' && !/^(shared|private|locked)$/i.test(value))
    return `has sharing=${value}; write shared, private or locked`;
  return undefined;
}

function kindMistake(type: string, said: ReadonlyMap<string, string | undefined>): string | undefined {
  if (!TYPES.includes(type)) return `has the type ${type}; write one of ${TYPES.join(', ')}`;
  const wrong = [
    ...(WITH_MODE.includes(type) ? [] : MODES),
    ...(['secret', 'ssh'].includes(type) ? [] : ['required']),
    ...(type === 'tmpfs' ? [] : ['size']),
    ...(type === 'cache' ? [] : ['sharing']),
    ...(type === 'secret' ? ['from'] : []),
  ].find((name) => said.has(name));
  if (wrong !== undefined) return `has ${wrong}, which a mount of the type ${type} does not take`;
  const named = ['source', 'src', 'target', 'dst', 'destination', 'id'].some((name) => said.get(name));
  return type === 'secret' && !named ? 'names no secret; write id=NAME' : undefined;
}
