import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { readCompose } from '@tenant-delivery/migration/compose/command';
import type { ComposePlace } from '@tenant-delivery/migration/compose/place';
import { composedBuilds } from '@tenant-delivery/migration/compose/read-builds';
import { byHand, COMPOSED, workflowOf } from '@tenant-delivery/migration/test/composed';
import { play } from '@tenant-delivery/migration/test/play/play';
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
    builds.map(({ service, names, asked: { inputs, arguments: given } }) => {
      const of = (name: string) => inputs.find(([input]) => input === name)?.[1];
      const context = of('context') ?? '.';
      return [
        service,
        plain({
          context,
          file: of('file') ?? posix.join(context, 'Dockerfile'),
          names: names.join('\n'),
          'build-args': given.join('\n'),
          ...Object.fromEntries(
            [
              'target',
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

/** What `docker compose build` and `push` are as commands of docker, by Compose's own reading of its files. */
const BY_COMPOSE = String.raw`globals=()
while [ $# -gt 0 ]; do case "$1" in build|push|run) break ;; esac; globals+=("$1"); shift; done
verb=$1; shift; args=(); services=()
while [ $# -gt 0 ]; do
  case "$1" in
    --build-arg) args+=("$1" "$2"); shift ;;
    --pull) args+=("$1") ;;
    -*) ;;
    *) services+=("$1") ;;
  esac
  shift
done
compose() { PATH=$WITNESS_PATH docker compose "$@"; }
read_all() { compose "${'${globals[@]}'}" config --format json "${'${services[@]}'}"; }
names='([.value.image // "acme-\(.key)"] + (.value.build.tags // []))'
each='.services | to_entries[] | select(.value.build)'
case $verb in
  build) read_all | jq -r "$each | \"docker build \" + ([$names[] | (\"-t\", .)] + [(.value.build.args // {} | to_entries[] | (\"--build-arg\", \"\(.key)=\(.value)\")), (.value.build.labels // {} | to_entries[] | (\"--label\", \"\(.key)=\(.value)\")), (.value.platform // empty | (\"--platform\", .)), (.value.build.target // empty | (\"--target\", .)), \"-f\", .value.build.context + \"/\" + .value.build.dockerfile] | @sh) + \" \$ARGS \" + (.value.build.context | @sh)" | (cd "$GITHUB_WORKSPACE"; ARGS="${'${args[*]}'}" bash) ;;
  push) read_all | jq -r "$each | select(.value.image) | $names[] | \"docker push \" + @sh" | bash ;;
esac
`;

/** Names that both give one image count once. */
const once = (images: readonly Image[]) =>
  [...new Set(images.map((each) => JSON.stringify(sorted(each))))].sort();

describeWith('compose', 'Compose judges how we read its files:', () => {
  it(`${COUNT} projects are read as Compose reads them`, () => {
    const differing: unknown[] = [];
    let compared = 0;
    for (const project of composeProjectsOf(SEED, COUNT)) {
      const own = ours(project);
      const composed = typeof own === 'string' ? own : theirs(project);
      // What Compose refuses, the old step refused too.
      if (typeof own === 'string' || typeof composed === 'string') continue;
      compared += 1;
      const about = Object.entries(composed).filter(
        ([name]) => project.services.length === 0 || project.services.includes(name),
      );
      const [one, other] = [once(Object.values(own)), once(about.map(([, image]) => image))];
      if (JSON.stringify(one) !== JSON.stringify(other)) differing.push({ project, one, other });
    }
    expect(differing).toEqual([]);
    // What we leave out of care must not become everything.
    expect(compared).toBeGreaterThan(COUNT / 5);
  });

  it.each(Object.entries(COMPOSED))(
    'what a person made of a compose file is what Compose makes of it: %s',
    (_, composed) => {
      const text = workflowOf(composed);
      const asked = BY_COMPOSE.replaceAll('$WITNESS_PATH', PATH);
      const { files } = composed;
      const played = [byHand(composed.byHand), asked].map((script) =>
        play(text, 'its name', {}, { files, composed: script }),
      );
      expect(played[0]?.pushed).toEqual(played[1]?.pushed);
      expect(played[1]?.pushed).toHaveLength(composed.pushes);
    },
  );
});

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
}
