import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parse } from 'yaml';
import { listOf } from '../../src/build/image-names.ts';
import { type Call, Docker, imageOfInputs } from './images.ts';
import { programsIn } from './programs.ts';
import { toldByAction, toldByCommand } from './services.ts';
import { filled, type Known, REGISTRY, RUNNER } from './values.ts';

/** What a workflow does to images: what it pushes, what it does with them on the runner, and where a job ended early. */
export interface Played {
  readonly pushed: readonly string[];
  readonly used: readonly string[];
  readonly failed: readonly string[];
  /** What its scripts printed, in order. */
  readonly said: readonly string[];
  /** What ECS is told about services, in order. */
  readonly deployed: readonly string[];
}

type Texts = Readonly<Record<string, string>>;
interface AStep {
  readonly id?: string;
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly 'working-directory'?: string;
  readonly with?: Texts;
  readonly env?: Texts;
  readonly if?: string;
}
interface AJob {
  readonly env?: Texts;
  readonly steps?: readonly AStep[];
  readonly defaults?: { readonly run?: { readonly shell?: string; readonly 'working-directory'?: string } };
}

/**
 * Plays each job of a workflow with stand-ins for docker and aws. All steps run, whatever their `if`, but for those that ask what
 * a script has decided. `answers` are what the command `answer NAME` of a script ends with.
 */
export function play(
  text: string,
  unknown: Known['unknown'] = 'its name',
  answers: Readonly<Record<string, string>> = {},
  beside: Beside = {},
): Played {
  const root = parse(text, { schema: 'failsafe', merge: true }) as {
    jobs?: Record<string, AJob>;
    runs?: AJob;
    env?: Texts;
    defaults?: AJob['defaults'];
  };
  const jobs = root.jobs ?? { runs: root.runs ?? {} };
  const [pushed, used, failed]: [string[], string[], string[]] = [[], [], []];
  const [said, deployed]: [string[], string[]] = [[], []];
  for (const [id, job] of Object.entries(jobs)) {
    const defaults = { ...root.defaults?.run, ...job.defaults?.run };
    const stage = new Stage({ ...answers, ...root.env, ...job.env }, defaults, unknown);
    stage.put(beside);
    const played = stage.play(job.steps ?? []);
    pushed.push(...played.docker.pushed.map(([name, image]) => `${id}: ${name} ${JSON.stringify(image)}`));
    used.push(...played.docker.used.map(([verb, image]) => `${id}: ${verb} ${JSON.stringify(image)}`));
    said.push(...played.said);
    deployed.push(...played.deployed.map((each) => `${id}: ${each}`));
    if (played.failed !== undefined) failed.push(`${id}: ${played.failed}`);
  }
  return { pushed: [...new Set(pushed)].sort(), used: [...new Set(used)].sort(), deployed, failed, said };
}

/** Files of the repository, and what `docker compose` does in it: a script with its words. */
export interface Beside {
  readonly files?: Texts;
  readonly composed?: string;
}

class Stage {
  readonly #folder = mkdtempSync(join(tmpdir(), 'play-'));
  readonly #workspace = join(this.#folder, 'workspace');
  readonly #bin = programsIn(this.#folder);
  readonly #composed = join(this.#folder, 'composed');
  readonly #docker = new Docker();
  readonly #outputs = new Map<string, Texts>();
  readonly #logins = new Set<string>();
  readonly #env: Texts;
  #written: Texts = {};
  readonly #said: string[] = [];
  readonly #deployed: string[] = [];
  /** Whether a builder was set up: what it builds is in Docker only where it is loaded. */
  #builder = false;
  readonly #defaults: NonNullable<AJob['defaults']>['run'];
  readonly #unknown: Known['unknown'];

  constructor(env: Texts, defaults: NonNullable<AJob['defaults']>['run'], unknown: Known['unknown']) {
    this.#env = env;
    this.#defaults = defaults;
    this.#unknown = unknown;
    mkdirSync(this.#workspace);
  }

  put({ files = {}, composed }: Beside): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.#workspace, path)), { recursive: true });
      writeFileSync(join(this.#workspace, path), text);
    }
    if (composed !== undefined) writeFileSync(this.#composed, composed);
  }

  play(steps: readonly AStep[]) {
    let failed: string | undefined;
    for (const [index, step] of steps.entries()) {
      if (failed !== undefined) break;
      const env = this.#envOf(step);
      const known: Known = { env, outputs: this.#outputs, logins: this.#logins, unknown: this.#unknown };
      if (step.if !== undefined && !holds(step.if, known)) {
        if (step.id !== undefined) this.#outputs.set(step.id, {});
        continue;
      }
      if (step.run !== undefined && !this.#script(step, index, known)) failed = step.name ?? step.run;
      else if (step.uses !== undefined) this.#action(step, known);
    }
    rmSync(this.#folder, { recursive: true });
    return { docker: this.#docker, failed, said: this.#said, deployed: this.#deployed };
  }

  #envOf(step: AStep): Record<string, string> {
    const env: Record<string, string> = {};
    for (const texts of [this.#env, this.#written, step.env ?? {}])
      for (const [name, text] of Object.entries(texts))
        env[name] = filled(String(text ?? ''), {
          env,
          outputs: this.#outputs,
          logins: this.#logins,
          unknown: this.#unknown,
        });
    return env;
  }

  #action({ uses = '', id, with: given = {} }: AStep, known: Known): void {
    if (/amazon-ecr-login/.test(uses) && id !== undefined) this.#logins.add(id);
    if (/setup-buildx-action/.test(uses)) this.#builder = true;
    const inputs = Object.fromEntries(
      Object.entries(given).map(([name, text]) => [name, filled(String(text ?? ''), known)]),
    );
    const deployed = toldByAction(uses, inputs);
    if (deployed !== undefined) this.#deployed.push(deployed);
    if (!/build-push-action|build-and-scan-image/.test(uses)) return;
    const image = imageOfInputs(inputs, /build-and-scan-image/.test(uses) ? known.env : undefined);
    const pushes = !['', 'false', undefined].includes(inputs['push']);
    for (const name of listOf(inputs['tags'] ?? '')) {
      if (pushes) this.#docker.pushMade(name, image);
      if (inputs['load'] === 'true' || (/build-push-action/.test(uses) && !this.#builder))
        this.#docker.name(name, image);
    }
    if (id === undefined) return;
    const byDigest = `${REGISTRY}/pushed@sha256:${id}`;
    this.#docker.name(byDigest, image);
    this.#outputs.set(id, { image: byDigest, digest: `sha256:${id}` });
  }

  /** Runs a script as the runner does. Answers whether it succeeded. */
  #script(step: AStep, index: number, known: Known): boolean {
    const shell = step.shell ?? this.#defaults?.shell ?? 'bash -e {0}';
    if (!/^(?:bash|sh)\b/.test(shell)) return true;
    const script = filled(step.run ?? '', known);
    const folder = join(
      this.#workspace,
      filled(step['working-directory'] ?? this.#defaults?.['working-directory'] ?? '.', known),
    );
    for (const [, path = ''] of script.matchAll(/\b(?:cd|pushd)\s+"?([\w./-]+)/g))
      mkdirSync(join(folder, path), { recursive: true });
    mkdirSync(folder, { recursive: true });
    for (const [, path = ''] of script.matchAll(/(?:^\s*|[;&|(]\s*|\b(?:bash|sh|source)\s+)(\.\/[\w./-]+)/gm))
      program(join(folder, path));
    const at = (name: string) => join(this.#folder, `${index}-${name}`);
    for (const name of ['output', 'env', 'played', 'path', 'summary']) writeFileSync(at(name), '');
    writeFileSync(at('script'), script);
    const options = /^bash$/.test(shell) ? ['--noprofile', '--norc', '-eo', 'pipefail'] : ['-e'];
    const { status, stdout } = spawnSync('/bin/bash', [...options, at('script')], {
      cwd: folder,
      timeout: 10_000,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
      env: {
        ...RUNNER,
        ...known.env,
        PATH: this.#bin,
        HOME: this.#folder,
        BASH_ENV: join(this.#folder, 'start.sh'),
        GITHUB_WORKSPACE: this.#workspace,
        GITHUB_OUTPUT: at('output'),
        GITHUB_ENV: at('env'),
        GITHUB_PATH: at('path'),
        GITHUB_STEP_SUMMARY: at('summary'),
        PLAYED: at('played'),
        ...(existsSync(this.#composed) && { COMPOSED: this.#composed }),
      },
    });
    this.#said.push(...stdout.split('\n').filter((line) => line !== ''));
    for (const call of this.#callsIn(at('played'))) {
      if (call.program === 'docker') this.#docker.call(call);
      const deployed = call.program === 'aws' ? toldByCommand(call.words) : undefined;
      if (deployed !== undefined) this.#deployed.push(deployed);
    }
    if (step.id !== undefined) this.#outputs.set(step.id, valuesIn(at('output')));
    this.#written = { ...this.#written, ...valuesIn(at('env')) };
    return status === 0;
  }

  #callsIn(file: string): readonly Call[] {
    return readFileSync(file, 'utf8')
      .split('\x1e')
      .filter((call) => call !== '')
      .map((call) => {
        const [program = '', folder = '', ...words] = call.split('\x1f');
        const inner = relative(this.#workspace, folder);
        const plain = words.map((word) =>
          word
            .replaceAll(`${this.#workspace}/`, '')
            .replaceAll(this.#workspace, '.')
            .replaceAll(this.#folder, '~'),
        );
        return { program, folder: inner === '' ? '.' : inner, words: plain };
      });
  }
}

/** Whether what a script has decided lets a step run. Any other condition holds. */
function holds(condition: string, known: Known): boolean {
  const [, asked] = /^(steps\.[\w-]+\.outputs\.BUILD_IF_\w+) == 'true'$/.exec(condition) ?? [];
  return asked === undefined || filled(`\${{ ${asked} }}`, known) === 'true';
}

/** A program of the workspace, which does nothing. */
function program(file: string): void {
  if (existsSync(file) || file.endsWith('/')) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, '');
  chmodSync(file, 0o755);
}

/** `NAME=VALUE`, or a value of several lines with its own mark. */
function valuesIn(file: string): Texts {
  const values: Record<string, string> = {};
  const lines = readFileSync(file, 'utf8').split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, name, mark] = /^([\w-]+)<<(.*)$/.exec(line) ?? [];
    if (name !== undefined) {
      const end = lines.indexOf(mark ?? '', at);
      values[name] = lines.slice(at + 1, end).join('\n');
      at = end < 0 ? lines.length : end;
    } else if (line.includes('='))
      values[line.slice(0, line.indexOf('='))] = line.slice(line.indexOf('=') + 1);
  }
  return values;
}
