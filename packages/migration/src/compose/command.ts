/** What `docker compose` was told. */
export interface ComposeCommand {
  readonly verb: 'build' | 'push';
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  readonly profiles: readonly string[];
  readonly project: string | undefined;
  readonly folder: string | undefined;
  readonly services: readonly string[];
  /** Options of `docker build` that each service gets. */
  readonly options: readonly string[];
  /** Options that change nothing of an image. */
  readonly quiet: readonly string[];
}

type Takes = 'value' | 'nothing';
const GLOBAL: Readonly<Record<string, Takes>> = {
  ...of('value', '--file', '--env-file', '--profile', '--project-name', '--project-directory'),
  ...of('value', '--ansi', '--progress', '--parallel', '--log-level'),
  ...of('nothing', '--verbose', '--no-ansi', '--all-resources'),
};
const OF_BUILD: Readonly<Record<string, Takes>> = {
  ...of('value', '--build-arg', '--memory', '--progress'),
  ...of(
    'nothing',
    '--no-cache',
    '--pull',
    '--push',
    '--quiet',
    '--parallel',
    '--compress',
    '--force-rm',
    '--no-rm',
  ),
};
const OF_PUSH: Readonly<Record<string, Takes>> = of('nothing', '--quiet');
const LONG: Readonly<Record<string, string>> = {
  '-f': '--file',
  '-p': '--project-name',
  '-q': '--quiet',
  '-m': '--memory',
};
const CHANGES_IMAGE = ['--build-arg', '--no-cache', '--pull', '--push'];

function of(takes: Takes, ...names: readonly string[]): Record<string, Takes> {
  return Object.fromEntries(names.map((name) => [name, takes]));
}

interface Option {
  readonly name: string;
  readonly value: string | undefined;
}

/** The words after `docker compose`; nothing where they neither build nor push. `resolve` puts in what the workflow says. */
export function readCompose(
  words: readonly string[],
  resolve: (text: string) => string = (text) => text,
): ComposeCommand | { readonly why: string } | undefined {
  const outer = optionsOf(words, GLOBAL, true);
  if ('why' in outer) return words.includes('build') || words.includes('push') ? outer : undefined;
  const [verb = '', ...rest] = outer.rest;
  if (verb !== 'build' && verb !== 'push') return undefined;
  const inner = optionsOf(rest, verb === 'build' ? OF_BUILD : OF_PUSH, false);
  if ('why' in inner) return { why: inner.why.replace('docker compose', `docker compose ${verb}`) };
  const all = (name: string) =>
    outer.options.flatMap((each) => (each.name === name ? [resolve(each.value ?? '')] : []));
  const counted = inner.options.filter(({ name }) => CHANGES_IMAGE.includes(name));
  return {
    verb,
    files: all('--file'),
    envFiles: all('--env-file'),
    profiles: all('--profile'),
    project: all('--project-name').at(-1),
    folder: all('--project-directory').at(-1),
    services: inner.rest.map(resolve),
    options: counted.flatMap(({ name, value }) => (value === undefined ? [name] : [name, value])),
    quiet: inner.options.filter((each) => !counted.includes(each)).map(({ name }) => name),
  };
}

type Read =
  | { readonly options: readonly Option[]; readonly rest: readonly string[] }
  | { readonly why: string };

/** Options in front; with `first`, up to the first word that is none. */
function optionsOf(words: readonly string[], known: Readonly<Record<string, Takes>>, first: boolean): Read {
  const [options, rest]: [Option[], string[]] = [[], []];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) {
      if (first) return { options, rest: words.slice(at) };
      rest.push(word);
      continue;
    }
    const [, short = word, joined] = /^(--?[a-z-]+)=(.*)$/s.exec(word) ?? [];
    const name = LONG[short] ?? short;
    const takes = known[name];
    if (takes === undefined) return { why: `this command has nothing for \`docker compose ${short}\`` };
    if (takes === 'nothing') {
      if (joined !== 'false') options.push({ name, value: undefined });
    } else {
      options.push({ name, value: joined ?? words[at + 1] ?? '' });
      if (joined === undefined) at += 1;
    }
  }
  return { options, rest };
}
