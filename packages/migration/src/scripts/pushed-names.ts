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
  /** Whether a name was taken from one image and given to another. */
  #moved = false;

  /** Two names with one key mean one image. */
  constructor(keyOf: (name: string) => string) {
    this.#keyOf = keyOf;
  }

  /** Whether something was pushed that counts. A name that a shell alone knows does. */
  some(counts: (name: string) => boolean): boolean {
    return this.#counted(counts).length > 0;
  }

  /** Takes a command in, before its shell has run it. `put` writes a text as another step can read it. */
  follow(
    statement: ShellStatement,
    variables: Variables,
    put: (name: PushedName) => PushedName | undefined = (name) => name,
  ): void {
    const docker = dockerWords(statement);
    const used: HandedOn[] = [];
    const words = docker && expandAll(statement.words.slice(docker.from), variables, used);
    const texts = words && !('why' in words) ? words : [];
    const named = (text: string) => put({ text, used });
    if (docker?.verb === 'tag') this.#name(texts);
    else if (docker?.verb === 'build') this.#build(tagsIn(texts), pushes(statement.own), named);
    else if (docker?.verb === 'push') {
      const [name, ...more] = texts;
      this.#pushed.push(
        name === undefined || more.length > 0 || name.startsWith('-') ? undefined : named(name),
      );
    } else if (pushes(statement.does)) this.pushUnknown();
  }

  /** Tags under which an action builds one image and pushes it. */
  push(tags: readonly string[]): void {
    this.#build(tags, true, (text) => ({ text, used: [] }));
  }

  pushUnknown(): void {
    this.#pushed.push(undefined);
  }

  /** The one image that was pushed, under the first of its names; nothing where it may be more than one. */
  only(counts: (name: string) => boolean = () => true): PushedName | undefined {
    const pushed = this.#counted(counts);
    const [first] = pushed;
    if (first === undefined || this.#moved) return undefined;
    const own = this.#namesOf(this.#keyOf(first.text));
    const alone = pushed.every((each) => each !== undefined && own.has(this.#keyOf(each.text)));
    const once = this.#built.filter((key) => own.has(key)).length <= 1;
    return alone && once ? first : undefined;
  }

  /** All of them; nothing where one of them is not known, or there is none. */
  all(): readonly string[] | undefined {
    const texts = this.#pushed.flatMap((each) => each?.text ?? []);
    return texts.length > 0 && texts.length === this.#pushed.length ? texts : undefined;
  }

  #counted(counts: (name: string) => boolean): readonly (PushedName | undefined)[] {
    return this.#pushed.filter((each) => each === undefined || counts(each.text));
  }

  #name([source, target]: readonly string[]): void {
    if (source === undefined || target === undefined) return;
    const [from, to] = [this.#keyOf(source), this.#keyOf(target)];
    if ((this.#sources.get(to) ?? from) !== from) this.#moved = true;
    this.#sources.set(to, from);
    this.#link(source, target);
  }

  #build(tags: readonly string[], pushed: boolean, named: (text: string) => PushedName | undefined): void {
    const [first] = tags;
    if (first !== undefined) this.#built.push(this.#keyOf(first));
    for (const tag of tags) this.#link(first ?? tag, tag);
    if (pushed) this.#pushed.push(...(first === undefined ? [undefined] : tags.map(named)));
  }

  #link(one: string, other: string): void {
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
