/** What a `RUN --mount` says of where its files come from, and why BuildKit refuses it. */
export interface Mount {
  readonly from?: string;
  readonly mistake?: string;
}

const TYPES = ['bind', 'tmpfs', 'cache', 'secret', 'ssh'];

/** The types that take an option, where not all do. BuildKit asks it at the option (`early`), or at the end. */
const ONLY_OF: Readonly<Record<string, { readonly types: readonly string[]; readonly early: boolean }>> = {
  required: { types: ['secret', 'ssh'], early: true },
  size: { types: ['tmpfs'], early: true },
  mode: { types: ['cache', 'secret', 'ssh'], early: false },
  uid: { types: ['cache', 'secret', 'ssh'], early: false },
  gid: { types: ['cache', 'secret', 'ssh'], early: false },
  sharing: { types: ['cache'], early: false },
};

interface Form {
  readonly matches: (value: string) => boolean;
  /** What is wrong with one that does not match. */
  readonly wrong: string;
}

const BOOLEAN: Form = {
  matches: (value) => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value),
  wrong: ', which is neither true nor false',
};
const NUMBER: Form = {
  matches: (value) => /^\d+$/.test(value) && Number(value) < 2 ** 32,
  wrong: ', which is no number',
};
const ANY: Form = { matches: () => true, wrong: '' };

const OPTIONS = new Map<string, Form>([
  [
    'type',
    { matches: (value) => TYPES.includes(value.toLowerCase()), wrong: `; write one of ${TYPES.join(', ')}` },
  ],
  [
    'mode',
    {
      matches: (value) => /^[0-7]+$/.test(value) && Number.parseInt(value, 8) < 2 ** 32,
      wrong: NUMBER.wrong,
    },
  ],
  [
    'size',
    {
      matches: (value) => /^\d*\.?\d+ ?(b|[kmgtp](i?b)?)?$/i.test(value),
      wrong: ', which is no size, as 64m',
    },
  ],
  [
    'sharing',
    {
      matches: (value) => /^(shared|private|locked)$/i.test(value),
      wrong: '; write shared, private or locked',
    },
  ],
  ...['uid', 'gid'].map((name) => [name, NUMBER] as const),
  ...['readonly', 'ro', 'readwrite', 'rw', 'required'].map((name) => [name, BOOLEAN] as const),
  ...['from', 'source', 'src', 'target', 'dst', 'destination', 'id', 'env'].map(
    (name) => [name, ANY] as const,
  ),
]);

type Field = readonly [name: string, value: string | undefined];

/**
 * Reads the options in their order, as BuildKit does (Dockerfile reference, "RUN --mount"). BuildKit puts variables into every
 * value but that of `from`. What they hold may come from the base image, so a value with a variable is not judged here.
 */
export function mountOf(text: string): Mount {
  const written = fieldsOf(text);
  if (written === undefined) return { mistake: 'has quotes that do not enclose a whole option' };
  const fields = written.map((field): Field => {
    const at = field.indexOf('=');
    return at < 0
      ? [field.toLowerCase(), undefined]
      : [field.slice(0, at).toLowerCase(), field.slice(at + 1)];
  });
  const from = fields.findLast(([name]) => name === 'from')?.[1];
  const mistake = optionMistake(fields) ?? typeMistake(fields);
  return { ...(from === undefined ? {} : { from }), ...(mistake === undefined ? {} : { mistake }) };
}

/**
 * A line of CSV as Go's encoding/csv reads it, which BuildKit uses: a field in quotes may hold a comma. Nothing where that is an
 * error. `tests/witnesses/dockerfiles.test.ts` compares it with BuildKit.
 */
function fieldsOf(text: string): readonly string[] | undefined {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const [all = '', quoted, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^",]*))(?=,|$)/.exec(rest) ?? [];
    if (all === '' && rest !== '' && !rest.startsWith(',')) return undefined;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (all.length === rest.length) return fields;
    rest = rest.slice(all.length + 1);
  }
}

function optionMistake(fields: readonly Field[]): string | undefined {
  let type = 'bind';
  for (const [name, value] of fields) {
    const form = OPTIONS.get(name);
    if (value === undefined && form !== BOOLEAN) return `has ${name || 'an empty part'}, which needs a value`;
    if (form === undefined) return `has ${name}, which is unknown`;
    const only = ONLY_OF[name];
    if (only?.early && !only.types.includes(type) && !type.includes('$'))
      return `has ${name}, which a mount of the type ${type} does not take; write the type in front of it`;
    if (value === undefined) continue;
    if (!value.includes('$') && !form.matches(value))
      return name === 'type' ? `has the type ${value}${form.wrong}` : `has ${name}=${value}${form.wrong}`;
    if (name === 'type') type = value.toLowerCase();
  }
  return undefined;
}

/** What BuildKit compares at the end. */
function typeMistake(fields: readonly Field[]): string | undefined {
  const said = new Map(fields);
  const type = (fields.findLast(([name]) => name === 'type')?.[1] ?? 'bind').toLowerCase();
  if (type.includes('$')) return undefined;
  const wrong = fields.find(([name]) => ONLY_OF[name] && !ONLY_OF[name].types.includes(type))?.[0];
  if (wrong !== undefined) return `has ${wrong}, which a mount of the type ${type} does not take`;
  if (type === 'ssh') return undefined;
  if (type !== 'secret') return targetMistake(fields);
  if (said.get('from')) return 'has from, which a mount of the type secret does not take';
  const source = said.get('source') || said.get('src');
  if (source && said.get('id') && !/\$/.test(`${source}${said.get('id')}`))
    return 'has both id and source, which is the same thing twice';
  const named = ['source', 'src', 'target', 'dst', 'destination', 'id'].some((name) => said.get(name));
  return named ? undefined : 'names no secret; write id=NAME';
}

function targetMistake(fields: readonly Field[]): string | undefined {
  const target = fields.findLast(([name]) => ['target', 'dst', 'destination'].includes(name))?.[1];
  return target === '/' ? 'has the target /, which is everything; name a path below it' : undefined;
}
