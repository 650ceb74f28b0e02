import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { readCompose } from '@tenant-delivery/migration/compose/command';
import type { ComposePlace } from '@tenant-delivery/migration/compose/place';
import { composedBuilds } from '@tenant-delivery/migration/compose/read-builds';
import { describeWith } from '@tenant-delivery/testkit/optional-tool';
import { composeProjectsOf, type GeneratedProject } from '../stage/generated-compose-files.ts';

// Compose judges how `migrate` reads its files: what we take for the builds of generated projects is what
// `docker compose config` makes of them. What we do not read, we may leave; what we read must be the same.

jest.setTimeout(600_000);

const SEED = Number(process.env['COMPOSE_SEED'] ?? 19);
/** `npm test` compares a few, and `npm run proof` more. COMPOSE=1000 compares 1000. */
const COUNT = Number(process.env['COMPOSE'] ?? (process.env['PROOF'] === 'full' ? 200 : 20));
const PATH = process.env['PATH'] ?? '';

type Image = Readonly<Record<string, unknown>>;

/** What a service is built from, in our words and in theirs. */
function ours(project: GeneratedProject): Readonly<Record<string, Image>> | string {
  const command = readCompose([...project.options, 'build', ...project.services]);
  if (command === undefined || 'why' in command) return command?.why ?? 'no command';
  const builds = composedBuilds(command, placeOf(project));
  if ('why' in builds) return builds.why;
  return Object.fromEntries(
    builds.map(({ service, names, asked: { inputs } }) => {
      const of = (name: string) => inputs.find(([input]) => input === name)?.[1];
      const context = of('context') ?? '.';
      return [
        service,
        plain({
          context,
          file: of('file') ?? posix.join(context, 'Dockerfile'),
          names: names.join('\n'),
          ...Object.fromEntries(
            [
              'target',
              'build-args',
              'labels',
              'cache-from',
              'cache-to',
              'platforms',
              'no-cache',
              'pull',
              'secrets',
              'secret-files',
              'build-contexts',
            ].map((name) => [name, of(name)]),
          ),
        }),
      ];
    }),
  );
}

/** The step has what `env` has; a shell is asked for the rest, and a real one answers. */
function placeOf({ files, folder, env }: GeneratedProject): ComposePlace {
  return {
    folder,
    fileAt: (path) => files[path],
    writerOf: () => undefined,
    environment: (name) => (env[name] === undefined ? undefined : { text: env[name] }),
    isOfTheScript: () => false,
    ask(text) {
      const { status, stdout } = spawnSync('bash', ['-euc', `V=${text}; printf '%s' "$V"`], {
        env: { PATH, ...env },
        encoding: 'utf8',
      });
      return status === 0 ? { text: stdout } : { why: 'the shell ends here' };
    },
    resolve: (text) => text,
    isGiven: () => false,
  };
}

interface Composed {
  readonly services: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly secrets?: Readonly<Record<string, { readonly file?: string; readonly environment?: string }>>;
}

/** The same by Compose; why it refuses the files. */
function theirs({
  files,
  folder,
  options,
  services,
  env,
}: GeneratedProject): Readonly<Record<string, Image>> | string {
  const root = mkdtempSync(join(tmpdir(), 'td-compose-'));
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    const { status, stdout, stderr } = spawnSync(
      'docker',
      ['compose', ...options, 'config', '--format', 'json', ...services],
      {
        cwd: join(root, folder),
        env: { PATH, HOME: root, ...env },
        encoding: 'utf8',
      },
    );
    if (status !== 0) return stderr;
    // It writes a dollar twice, as a compose file would.
    const composed = JSON.parse(stdout.replaceAll('$$', '$')) as Composed;
    return Object.fromEntries(
      Object.entries(composed.services).flatMap(([service, members]) =>
        members['build'] ? [[service, imageOf(members, composed, root)]] : [],
      ),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

function imageOf(service: Image, { secrets }: Composed, root: string): Image {
  const build = service['build'] as Image;
  const from = (path: string) => posix.relative(root, path) || '.';
  const lines = (value: unknown) => ((value ?? []) as readonly string[]).join('\n');
  const pairs = (value: unknown) =>
    Object.entries((value ?? {}) as Record<string, string>)
      .map(([name, text]) => `${name}=${text}`)
      .join('\n');
  const given = ((build['secrets'] ?? []) as readonly { source: string; target?: string }[]).map(
    ({ source, target }) => ({ id: target ?? source, ...secrets?.[source] }),
  );
  const context = from(String(build['context']));
  return plain({
    context,
    file: posix.normalize(posix.join(context, String(build['dockerfile']))),
    names: lines([
      ...(service['image'] ? [service['image']] : []),
      ...((build['tags'] ?? []) as readonly string[]),
    ]),
    target: build['target'],
    'build-args': pairs(build['args']),
    labels: pairs(build['labels']),
    'cache-from': lines(build['cache_from']),
    'cache-to': lines(build['cache_to']),
    platforms: build['platforms'] ? lines(build['platforms']) : service['platform'],
    'no-cache': build['no_cache'],
    pull: build['pull'],
    secrets: lines(given.flatMap(({ id, environment }) => (environment ? [`${id}=${environment}`] : []))),
    'secret-files': lines(given.flatMap(({ id, file }) => (file ? [`${id}=${from(file)}`] : []))),
    'build-contexts': pairs(
      Object.fromEntries(
        Object.entries((build['additional_contexts'] ?? {}) as Record<string, string>).map(([name, path]) => [
          name,
          from(path),
        ]),
      ),
    ),
  });
}

/** Without what was not given, and without an order that means nothing. */
function plain(image: Image): Image {
  const sorted = Object.entries(image).map(([name, value]) => [
    name,
    String(value ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .sort()
      .join('\n'),
  ]);
  return Object.fromEntries(sorted.filter(([, value]) => value !== '' && value !== 'false'));
}

describeWith('compose', 'Compose judges how we read its files:', () => {
  it(`${COUNT} projects are read as Compose reads them`, () => {
    const projects = composeProjectsOf(SEED, COUNT);
    const differing: unknown[] = [];
    let read = 0;
    for (const project of projects) {
      const own = ours(project);
      if (typeof own === 'string') continue;
      read += 1;
      const composed = theirs(project);
      // Of another service, it says so, and so did the old step.
      if (typeof composed === 'string' && /required variable \w+ is missing/.test(composed)) continue;
      const about =
        typeof composed === 'string' || project.services.length === 0
          ? composed
          : Object.fromEntries(Object.entries(composed).filter(([name]) => project.services.includes(name)));
      if (JSON.stringify(sorted(own)) !== JSON.stringify(sorted(about)))
        differing.push({ project, own, composed: about });
    }
    expect(differing).toEqual([]);
    // What we leave out of care must not become everything.
    expect(read).toBeGreaterThan(COUNT / 4);
  });
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
