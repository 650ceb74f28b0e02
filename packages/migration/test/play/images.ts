import { posix } from 'node:path';
import { listOf } from '../../src/build/image-names.ts';

/** What is built from what, in words that a command and an action share. */
export type Image = Readonly<Record<string, string>>;

/** How a program was called, and in which folder of the workspace. */
export interface Call {
  readonly program: string;
  readonly folder: string;
  readonly words: readonly string[];
}

/** Images by their names, and what was pushed under which name. */
export class Docker {
  readonly #here = new Map<string, Image>();
  readonly pushed: (readonly [name: string, image: Image | undefined])[] = [];
  /** What other commands did with an image. */
  readonly used: (readonly [verb: string, image: Image])[] = [];

  name(name: string, image: Image | undefined): void {
    if (image) this.#here.set(keyOf(name), image);
  }

  push(name: string): void {
    this.pushed.push([keyOf(name), this.#here.get(keyOf(name))]);
  }

  pushMade(name: string, image: Image): void {
    this.pushed.push([keyOf(name), image]);
  }

  call({ folder, words }: Call): void {
    const [verb = '', ...rest] = words.filter((word, at) => at > 0 || !['buildx', 'image'].includes(word));
    if (verb === 'build' || verb === 'b') this.#build(folder, rest);
    else if (verb === 'tag') this.name(rest[1] ?? '', this.#here.get(keyOf(rest[0] ?? '')));
    else if (verb === 'push') this.#pushes(rest);
    else if (verb === 'imagetools') this.#copies(rest);
    else if (verb !== 'rmi')
      for (const word of rest) {
        const image = this.#here.get(keyOf(word));
        if (image) this.used.push([verb, image]);
      }
  }

  #pushes(words: readonly string[]): void {
    const [name = ''] = words.filter((word) => !word.startsWith('-'));
    if (!words.some((word) => word === '-a' || word === '--all-tags')) this.push(name);
    else for (const key of this.#here.keys()) if (key.startsWith(`${name}:`)) this.push(key);
  }

  /** `imagetools create --tag NAME IMAGE`. */
  #copies(words: readonly string[]): void {
    const image = this.#here.get(keyOf(words.at(-1) ?? ''));
    const name = words[words.indexOf('--tag') + 1] ?? '';
    this.pushed.push([keyOf(name), image]);
  }

  #build(folder: string, words: readonly string[]): void {
    const { names, image, pushes } = imageOf(folder, words);
    for (const name of names) {
      this.name(name, image);
      if (pushes) this.pushMade(name, image);
    }
  }
}

const keyOf = (name: string) => (/:[^/]*$/.test(name) ? name : `${name}:latest`);

const LINES: Readonly<Record<string, string>> = {
  '--label': 'labels',
  '--annotation': 'annotations',
  '--cache-from': 'cache-from',
  '--cache-to': 'cache-to',
  '--build-context': 'build-contexts',
  '--secret': 'secrets',
  '--platform': 'platforms',
};
const OTHERS: Readonly<Record<string, string>> = { '--target': 'target' };
const FLAGS = ['--no-cache', '--pull', '--push', '--load', '--rm', '--quiet', '-q'];

/** The words after `docker build`, read on their own: not by what is tested. */
function imageOf(folder: string, words: readonly string[]) {
  const given: [string, string][] = [];
  let context = '';
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const [, option = word, joined] = /^(--[a-z-]+)=([\s\S]*)$/.exec(word) ?? [];
    if (!word.startsWith('-') || word === '-') context = word;
    else if (FLAGS.includes(option)) given.push([option, joined ?? 'true']);
    else if (joined !== undefined) given.push([option, joined]);
    else {
      at += 1;
      given.push([option, words[at] ?? '']);
    }
  }
  const all = (...names: readonly string[]) =>
    given.flatMap(([name, value]) => (names.includes(name) ? [value] : []));
  const from = (path: string) => posix.normalize(posix.join(folder, path)).replace(/\/$/, '');
  const file = all('-f', '--file').at(-1);
  return {
    names: all('-t', '--tag'),
    pushes: all('--push').includes('true'),
    image: plain({
      context: from(context),
      file: from(file ?? posix.join(context, 'Dockerfile')),
      ...Object.fromEntries(
        Object.entries(LINES).map(([option, name]) => [
          name,
          all(option)
            .map((value) => moved(name, value, from))
            .join('\n'),
        ]),
      ),
      'build-args': exactly(all('--build-arg')),
      ...Object.fromEntries(Object.entries(OTHERS).map(([option, name]) => [name, all(option).at(-1) ?? ''])),
      'no-cache': all('--no-cache').at(-1) ?? '',
      pull: all('--pull').at(-1) ?? '',
    }),
  };
}

/** A value with its paths from the workspace, as an input has them. */
function moved(name: string, value: string, from: (path: string) => string): string {
  if (name === 'build-contexts') return value.replace(/=(.*)$/s, (_, path: string) => `=${from(path)}`);
  if (name === 'secrets')
    return value.replace(/(?:^|,)(?:src|source)=([^,]*)/, (all, path: string) =>
      all.replace(path, from(path)),
    );
  return value.replace(/(^|,)(src|dest)=([^/,][^,]*)/g, (_, a, b, path: string) => `${a}${b}=${from(path)}`);
}

/** The inputs of an action that builds: of docker/build-push-action, or with the variables that the secrets of ours are in. */
export function imageOfInputs(
  given: Readonly<Record<string, string>>,
  variables?: Readonly<Record<string, string>>,
): Image {
  const context = given['context']?.replace(/^\{\{defaultContext\}\}:?/, '') ?? '.';
  const folder = posix.normalize(context === '' ? '.' : context).replace(/\/$/, '');
  const { 'secret-files': files = '', 'secrets-variable': several, ...rest } = given;
  const secrets = (several === undefined ? given['secrets'] : variables?.[several]) ?? '';
  const named = several === undefined ? variables : undefined;
  const of = (name: string) => rest[name] ?? '';
  return plain({
    context: folder,
    file: posix.normalize(given['file'] ?? posix.join(folder, 'Dockerfile')),
    ...Object.fromEntries(Object.values(LINES).map((name) => [name, of(name)])),
    'build-args': exactly(
      variables ? ourArguments(of('build-args'), variables) : quotedLines(of('build-args')),
    ),
    secrets: [
      ...listOf(secrets).map((line) => {
        const [id = '', value = ''] = [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)];
        return `id=${id},env=${named ? (named[value] ?? '') : value}`;
      }),
      ...listOf(files).map((line) => line.replace(/^([^=]*)=(.*)$/s, 'id=$1,src=$2')),
    ].join('\n'),
    target: of('target'),
    'no-cache': of('no-cache').replace('false', ''),
    pull: of('pull').replace('false', ''),
  });
}

/** Texts that are compared with every blank and line break in them. */
function exactly(texts: readonly string[]): string {
  return texts.length > 0 ? JSON.stringify([...texts].sort()) : '';
}

/** `NAME=VALUE`, or `NAME` for the variable of the step. */
function ourArguments(text: string, variables: Readonly<Record<string, string>>): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => (line.includes('=') ? line : `${line}=${variables[line]}`));
}

/** A list of docker/build-push-action: a line that begins with a quote goes on to the quote that ends it. */
function quotedLines(text: string): readonly string[] {
  const entries: string[] = [];
  let open: string | undefined;
  for (const line of text.split('\n')) {
    const begun: string = open === undefined ? line : `${open}\n${line}`;
    const quotes = begun.split('"').length - 1;
    open = begun.startsWith('"') && quotes % 2 === 1 ? begun : undefined;
    if (open === undefined)
      entries.push(begun.startsWith('"') ? begun.slice(1, -1).replaceAll('""', '"') : begun);
  }
  return entries.map((entry) => entry.trim()).filter((entry) => entry !== '');
}

/** Without what was not given. The order of lines counts for none of them, and blanks around them do not. */
function plain(image: Record<string, string>): Image {
  const entries = Object.entries(image).map(([name, value]) => [
    name,
    value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .sort()
      .join('\n'),
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
