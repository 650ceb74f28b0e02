import { onlyExpression } from '../expressions.ts';
import { asOneLine, dockerWords } from './commands.ts';
import { expandAll, type HandedOn, type Variables } from './expand.ts';
import type { ShellStatement } from './read-script.ts';

/** A name of an image, and what it takes from outputs of a step. */
export interface PushedName {
  readonly text: string;
  readonly used: readonly HandedOn[];
}

const PUSHES =
  /\bdocker\s+(?:image\s+)?push\b|\bdocker[ -]compose\b[^\n]*\spush\b|\bbuildx?\b[^\n]*\s--push\b|\bbuildx\s+(?:bake|imagetools)\b/;

/** What ends a script. */
const ENDS = ['exit', 'return', 'exec'];

/** Commands that give names to images in the runner's Docker: to new ones, and to those from elsewhere. */
const MAKES =
  /\bdocker\s+(?:buildx\s+|image\s+)?(?:build|tag)\b|\bdocker[ -]compose\b[^\n]*\s(?:--)?(?:build|up)\b/;
const BRINGS = /\bdocker\s+(?:buildx\s+|image\s+)?(?:build|tag|pull|load|import)\b|\bdocker[ -]compose\b/;

/** Whether a script pushes an image by a command of docker. */
export const pushes = (script = '') => PUSHES.test(asOneLine(script));

/** What commands push that stay in their scripts, in order, and which names they give one image. */
export class PushedNames {
  /** Nothing in place of a name that a shell alone knows. */
  readonly #pushed: (PushedName | undefined)[] = [];
  readonly #same: (readonly [one: string, other: string])[] = [];
  readonly #sources = new Map<string, string>();
  readonly #built: string[] = [];
  readonly #keyOf: (name: string) => string;
  readonly #given = new Set<string>();
  /** Whether other names may be given to images too. */
  #unclear = false;
  /** Whether the names of one build or tag are not known. */
  #unlinked = false;
  /** Variables that only the shell knows, in names up to here. */
  readonly #taken = new Set<string>();
  /** Whether the script may end early, and well. */
  #mayEnd = false;
  /** Whether a name was taken from one image and given to another, or a variable in it has another value now. */
  #moved = false;

  /** Two names with one key mean one image. */
  constructor(keyOf: (name: string) => string) {
    this.#keyOf = keyOf;
  }

  /** Takes a command in, before its shell has run it. `written` is a text as another step can read it. */
  follow(
    statement: ShellStatement,
    variables: Variables,
    written: (text: string, used: readonly HandedOn[]) => string | undefined = (text) => text,
  ): void {
    const docker = dockerWords(statement);
    const used: HandedOn[] = [];
    if (statement.sets.some((name) => this.#taken.has(name))) this.#moved = true;
    if (statement.acts.some((act) => ENDS.includes(act))) this.#mayEnd = true;
    if (this.#mayEnd && pushes(statement.does)) this.pushUnknown();
    const words = docker && expandAll(statement.words.slice(docker.from), variables, used);
    const texts = words && !('why' in words) ? words.map((word) => written(word, used)) : [undefined];
    const known = texts.flatMap((text) => text ?? []);
    for (const { name } of used) this.#taken.add(name);
    const unread = docker === undefined || known.length < texts.length;
    if (unread && BRINGS.test(statement.does)) this.#unclear = true;
    if (unread && MAKES.test(statement.does)) this.#unlinked = true;
    if (docker?.verb === 'tag') this.#name(known);
    else if (docker?.verb === 'build') this.build(tagsIn(known), pushes(statement.own), used);
    else if (docker?.verb === 'push') {
      const [text, ...more] = texts;
      this.#pushed.push(
        text === undefined || more.length > 0 || text.startsWith('-') ? undefined : { text, used },
      );
    } else if (pushes(statement.does)) this.pushUnknown();
  }

  /** One image under these tags. */
  build(tags: readonly string[], pushed: boolean, used: readonly HandedOn[] = []): void {
    const [first] = tags;
    if (first === undefined || tags.some((tag) => onlyExpression(tag) !== undefined)) this.#unclear = true;
    if (first !== undefined) this.#built.push(this.#keyOf(first));
    for (const tag of tags) this.#link(first ?? tag, tag);
    if (pushed)
      this.#pushed.push(...(first === undefined ? [undefined] : tags.map((text) => ({ text, used }))));
  }

  pushUnknown(): void {
    this.#pushed.push(undefined);
  }

  /** Each image that was pushed under a name that counts, by its first name; nothing where that is not certain. */
  images(counts: (name: string) => boolean = () => true): readonly PushedName[] | undefined {
    const pushed = this.#pushed.filter((each) => each === undefined || counts(each.text));
    const known = pushed.flatMap((each) => each ?? []);
    if (known.length < pushed.length || this.#moved) return undefined;
    const images: { readonly first: PushedName; readonly names: ReadonlySet<string> }[] = [];
    for (const [key, first] of new Map(known.map((each) => [this.#keyOf(each.text), each]))) {
      const names = this.#namesOf(key);
      const same = images.some((each) => each.names.has(key));
      const twice = this.#built.filter((each) => names.has(each)).length > 1;
      if (twice || (same && this.#unlinked)) return undefined;
      if (!same) images.push({ first, names });
    }
    return images.map(({ first }) => first);
  }

  /** A name that was pushed and that no command before gives to an image; nothing where a name may be given unseen. */
  ofNobody(): string | undefined {
    const given = (name: PushedName | undefined) =>
      name === undefined || this.#given.has(this.#keyOf(name.text));
    return this.#unclear ? undefined : this.#pushed.find((each) => !given(each))?.text;
  }

  /** All of them; nothing where one of them is not known, or there is none. */
  all(): readonly string[] | undefined {
    const texts = this.#pushed.flatMap((each) => each?.text ?? []);
    return texts.length > 0 && texts.length === this.#pushed.length ? texts : undefined;
  }

  #name([source, target]: readonly string[]): void {
    if (source === undefined || target === undefined) return;
    const [from, to] = [this.#keyOf(source), this.#keyOf(target)];
    if ((this.#sources.get(to) ?? from) !== from) this.#moved = true;
    this.#sources.set(to, from);
    this.#link(source, target);
  }

  #link(one: string, other: string): void {
    this.#given.add(this.#keyOf(other));
    this.#same.push([this.#keyOf(one), this.#keyOf(other)]);
  }

  /** Every name that an image has. */
  #namesOf(key: string): ReadonlySet<string> {
    const names = new Set([key]);
    for (let size = 0; size < names.size; ) {
      size = names.size;
      for (const pair of this.#same)
        if (pair.some((each) => names.has(each))) for (const each of pair) names.add(each);
    }
    return names;
  }
}

function tagsIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word, at) => {
    if (word === '-t' || word === '--tag') return words[at + 1] ?? [];
    return /^--tag=(.*)$/s.exec(word)?.[1] ?? [];
  });
}
