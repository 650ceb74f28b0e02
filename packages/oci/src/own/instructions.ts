import { posix } from 'node:path';
import type { ByteSource } from '../byte-source.ts';
import type { BuildContext } from '../context/context.ts';
import { copiedStage } from '../dockerfile/bases.ts';
import { readHealthcheck } from '../dockerfile/healthcheck.ts';
import { commandForm, jsonForm } from '../dockerfile/json-form.ts';
import type { Dockerfile, Line } from '../dockerfile/read.ts';
import { argsOf, type BuildArgs, expand, ownValue } from '../dockerfile/scope.ts';
import { splitWords, wordsAtBlanks } from '../dockerfile/split-words.ts';
import { failures } from '../failures.ts';
import type { ContainerConfig } from '../image-config.ts';
import type { Layout } from '../layout.ts';
import { Rootfs, TooManyLinks } from '../rootfs.ts';
import { type CopyRule, copyFromContext, copyFromStage } from './copy.ts';
import { ownerIn, ownerOf } from './owner.ts';
import { exposedPorts } from './ports.ts';
import { configured, layered, type StageImage } from './stage.ts';

export interface Building {
  readonly dockerfile: Dockerfile;
  readonly context: BuildContext;
  readonly given: BuildArgs;
  readonly globals: BuildArgs;
  readonly epoch: number;
  readonly layout: Layout;
  /** Finished stages, by number. */
  readonly stages: ReadonlyMap<number, StageImage>;
}

/** Carries out the lines of one stage on its base, whose files it changes. */
export async function carryOut(building: Building, stage: number, base: StageImage): Promise<StageImage> {
  const seen: Seen = { command: false };
  let image = base;
  for (const line of building.dockerfile.stages[stage]?.lines ?? []) {
    const step = new Step(building, line, image, seen);
    image = await step.run().catch((thrown: unknown) => {
      throw thrown instanceof TooManyLinks
        ? failures.copyThroughLinks(`line ${line.number}`, thrown.path)
        : thrown;
    });
  }
  return image;
}

/** What earlier lines of the stage said, and the image does not keep. */
interface Seen {
  command: boolean;
}

class Step {
  readonly #building: Building;
  readonly #line: Line;
  readonly #image: StageImage;
  readonly #seen: Seen;

  constructor(building: Building, line: Line, image: StageImage, seen: Seen) {
    this.#building = building;
    this.#line = line;
    this.#image = image;
    this.#seen = seen;
  }

  async run(): Promise<StageImage> {
    const { config } = this.#image;
    switch (this.#line.keyword) {
      case 'ARG':
        return this.#declare();
      case 'ENV':
        return this.#environment(this.#pairs());
      case 'LABEL':
        return this.#config({ Labels: { ...config.Labels, ...Object.fromEntries(this.#pairs()) } });
      case 'USER':
        return this.#config({ User: this.#whole() });
      case 'EXPOSE':
        return this.#config({
          ExposedPorts: { ...config.ExposedPorts, ...this.#read(() => exposedPorts(this.#portWords())) },
        });
      case 'ENTRYPOINT':
        // A base's command was meant for the base's entry point ("Understand how CMD and ENTRYPOINT interact").
        return this.#command('Entrypoint', this.#seen.command ? [] : ['Cmd']);
      case 'CMD':
        this.#seen.command = true;
        return this.#command('Cmd', []);
      case 'HEALTHCHECK':
        return this.#config({ Healthcheck: this.#read(() => readHealthcheck(this.#line)) });
      case 'WORKDIR':
        return this.#workdir();
      default:
        return this.#copy();
    }
  }

  /** An empty list takes the base's away, and leaves no member behind. */
  #command(member: 'Cmd' | 'Entrypoint', without: readonly string[]): StageImage {
    const words = commandForm(this.#line.text);
    return words.length === 0
      ? this.#config({}, [...without, member])
      : this.#config({ [member]: words }, without);
  }

  #lookup = (name: string): string | undefined => ownValue(this.#image.variables, name);

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      throw failures.dockerfileInvalid(this.#building.dockerfile.file, [
        `line ${this.#line.number}: ${thrown.message}`,
      ]);
    }
  }

  #expand(word: string): string {
    return expand(this.#building.dockerfile, this.#line, word, this.#lookup);
  }

  #words(): readonly string[] {
    const words = jsonForm(this.#line.text) ?? wordsAtBlanks(this.#line.text);
    return words.map((word) => this.#expand(word));
  }

  /** For an instruction with one argument: its blanks belong to it. */
  #whole(): string {
    return this.#expand(this.#line.text.trim());
  }

  /** A variable may have several ports, unless it is in quotes. */
  #portWords(): readonly string[] {
    return wordsAtBlanks(this.#line.text).flatMap((word) => {
      const said = this.#expand(word);
      return /["']/.test(word) ? [said] : wordsAtBlanks(said);
    });
  }

  /** `NAME=value …`, or the old form `NAME the rest of the line`. */
  #pairs(): readonly (readonly [string, string])[] {
    const words = splitWords(this.#line.text, this.#building.dockerfile.escapeWith);
    if (!words[0]?.includes('=')) {
      const [, name = '', rest = ''] = /^\s*(\S+)\s*(.*)$/s.exec(this.#line.text) ?? [];
      return [[this.#expand(name), this.#expand(rest)]];
    }
    return words.map((word) => {
      const at = word.indexOf('=');
      return [this.#expand(word.slice(0, at)), this.#expand(word.slice(at + 1))] as const;
    });
  }

  #environment(pairs: readonly (readonly [string, string])[]): StageImage {
    const image = this.#config({ Env: mergeEnv(this.#image.config.Env ?? [], pairs) });
    return { ...image, variables: { ...image.variables, ...Object.fromEntries(pairs) } };
  }

  #declare(): StageImage {
    const { dockerfile, given, globals } = this.#building;
    const declared: Record<string, string> = { ...this.#image.variables };
    for (const { name, word } of argsOf(dockerfile, this.#line)) {
      const byDefault = () =>
        word === undefined
          ? ownValue(globals, name)
          : expand(dockerfile, this.#line, word, (wanted) => ownValue(declared, wanted));
      const chosen = ownValue(given, name) ?? byDefault();
      if (chosen !== undefined) declared[name] = chosen;
    }
    return { ...this.#image, variables: declared };
  }

  #said(): string {
    return `${this.#line.keyword} ${this.#line.text}`;
  }

  #config(change: Partial<ContainerConfig>, without: readonly string[] = []): StageImage {
    const kept = Object.entries(this.#image.config).filter(([member]) => !without.includes(member));
    const config = { ...Object.fromEntries(kept), ...change };
    return configured(this.#image, this.#said(), config, this.#building.epoch);
  }

  async #workdir(): Promise<StageImage> {
    const before = this.#image.config.WorkingDir || '/';
    const said = this.#whole();
    // BuildKit keeps an absolute path as it is written, and cleans a relative one.
    const folder = said.startsWith('/') ? said : posix.resolve(before, said);
    const { files } = this.#image;
    const real = files.resolve(posix.resolve(folder), true);
    const made = files.makeFolder(real, await ownerIn(files, this.#image.config.User ?? ''));
    const config = { ...this.#image.config, WorkingDir: folder };
    const image = { ...this.#image, config };
    return made.length === 0
      ? configured(image, this.#said(), config, this.#building.epoch)
      : layered(image, this.#said(), made, this.#building);
  }

  async #copy(): Promise<StageImage> {
    const { dockerfile, context, stages } = this.#building;
    const words = this.#words();
    const [to = '', sources] = [words.at(-1), words.slice(0, -1)];
    const where = `line ${this.#line.number}`;
    if (sources.length === 0) {
      throw failures.dockerfileInvalid(dockerfile.file, [
        `${where}: ${this.#line.keyword} takes sources and a target`,
      ]);
    }
    const flag = (name: string) => this.#line.flags.find((one) => one.name === name)?.value;
    const absolute = posix.resolve(this.#image.config.WorkingDir || '/', to);
    const asFolder = to === '.' || to.endsWith('/') || to.endsWith('/.');
    const rule: CopyRule = {
      file: dockerfile.file,
      where,
      sources,
      to: asFolder && absolute !== '/' ? `${absolute}/` : absolute,
      owner: flag('chown') === undefined ? undefined : ownerOf(flag('chown') ?? ''),
      mode: flag('chmod') === undefined ? undefined : Number.parseInt(flag('chmod') ?? '', 8),
      refuseArchives: this.#line.keyword === 'ADD',
    };
    const { files } = this.#image;
    const linked = this.#line.flags.some(
      ({ name, value }) => name === 'link' && !/^false$/i.test(value ?? ''),
    );
    const into = linked ? new Rootfs<ByteSource>() : files; // a linked copy knows nothing of what is below it
    const from = flag('from');
    const stage = from === undefined ? undefined : stages.get(copiedStage(dockerfile, from) ?? -1);
    const entries = stage
      ? copyFromStage(stage.files, into, rule)
      : await copyFromContext(context, into, rule);
    if (linked) for (const { path, ...node } of entries) files.put(path, node);
    return layered(this.#image, this.#said(), entries, this.#building);
  }
}

function mergeEnv(env: readonly string[], pairs: readonly (readonly [string, string])[]): string[] {
  const merged = new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry]));
  for (const [name, value] of pairs) merged.set(name, `${name}=${value}`);
  return [...merged.values()];
}
