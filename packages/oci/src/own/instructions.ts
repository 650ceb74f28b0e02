import { posix } from 'node:path';
import type { BuildContext } from '../context/context.ts';
import { type Dockerfile, type Line, stageNamed } from '../dockerfile/read.ts';
import { argsOf, type BuildArgs, expand, ownValue } from '../dockerfile/scope.ts';
import { splitWords, wordsAtBlanks } from '../dockerfile/split-words.ts';
import { failures } from '../failures.ts';
import type { ContainerConfig } from '../image-config.ts';
import type { Layout } from '../layout.ts';
import { TooManyLinks } from '../rootfs.ts';
import { type CopyRule, copyFromContext, copyFromStage } from './copy.ts';
import { readHealthcheck } from './healthcheck.ts';
import { commandForm, jsonForm } from './json-form.ts';
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
  const seen: Seen = { args: {}, command: false };
  let image = base;
  for (const line of building.dockerfile.stages[stage]?.lines ?? []) {
    const step = new Step(building, stage, line, image, seen);
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
  readonly args: Record<string, string>;
  command: boolean;
}

class Step {
  readonly #building: Building;
  readonly #stage: number;
  readonly #line: Line;
  readonly #image: StageImage;
  readonly #seen: Seen;

  constructor(building: Building, stage: number, line: Line, image: StageImage, seen: Seen) {
    this.#building = building;
    this.#stage = stage;
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
        return this.#config({ Env: mergeEnv(config.Env ?? [], this.#pairs()) });
      case 'LABEL':
        return this.#config({ Labels: { ...config.Labels, ...Object.fromEntries(this.#pairs()) } });
      case 'USER':
        return this.#config({ User: this.#words().join(' ') });
      case 'EXPOSE':
        return this.#config({
          ExposedPorts: { ...config.ExposedPorts, ...this.#read(() => ports(this.#words())) },
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

  #lookup = (name: string): string | undefined => {
    const env = (this.#image.config.Env ?? []).find((entry) => entry.startsWith(`${name}=`));
    return env === undefined ? ownValue(this.#seen.args, name) : env.slice(name.length + 1);
  };

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

  #declare(): StageImage {
    const { dockerfile, given, globals } = this.#building;
    for (const { name, value } of argsOf(dockerfile, this.#line, this.#lookup)) {
      const chosen = ownValue(given, name) ?? value ?? ownValue(globals, name);
      if (chosen !== undefined) this.#seen.args[name] = chosen;
    }
    return this.#image;
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
    const folder = posix.resolve(this.#image.config.WorkingDir || '/', this.#words().join(' '));
    const { files } = this.#image;
    const made = files.makeFolder(files.resolve(folder, true), { uid: 0, gid: 0 });
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
    const from = flag('from');
    const stage =
      from === undefined ? undefined : stages.get(stageNamed(dockerfile, from, this.#stage) ?? -1);
    const entries = stage
      ? copyFromStage(stage.files, files, rule)
      : await copyFromContext(context, files, rule);
    return layered(this.#image, this.#said(), entries, this.#building);
  }
}

/** `user` or `user:group`. Without a group, the user's number is the group's number too. */
function ownerOf(chown: string): { uid: number; gid: number } {
  const [user = '0', group = user] = chown.replaceAll('root', '0').split(':');
  return { uid: Number(user), gid: Number(group) };
}

function mergeEnv(env: readonly string[], pairs: readonly (readonly [string, string])[]): string[] {
  const merged = new Map(env.map((entry) => [entry.slice(0, entry.indexOf('=')), entry]));
  for (const [name, value] of pairs) merged.set(name, `${name}=${value}`);
  return [...merged.values()];
}

const PORT = /^(\d{1,5})(?:-(\d{1,5}))?(?:\/(tcp|udp|sctp))?$/i;

function ports(words: readonly string[]): Record<string, object> {
  return Object.fromEntries(
    words.flatMap((word) => {
      const [, from = '', to = from, protocol = 'tcp'] = PORT.exec(word) ?? [];
      if (from === '') throw new SyntaxError(`EXPOSE ${word}: give a port, as 8080 or 8080/udp`);
      const count = Math.max(1, Number(to) - Number(from) + 1);
      return Array.from({ length: count }, (_, n) => [`${Number(from) + n}/${protocol.toLowerCase()}`, {}]);
    }),
  );
}
