import { isDeepStrictEqual } from 'node:util';
import { type BuildAsked, readDockerBuild } from '../build/read-docker-build.ts';
import { dropped, type Row } from '../draft.ts';
import type { ComposeCommand } from './command.ts';
import { type OpenedProject, openProject } from './open-project.ts';
import type { ComposePlace } from './place.ts';
import { argumentOf, ServiceBuild } from './service-build.ts';

/** A service with `build`, as a compose command meets it. */
export interface ComposedService {
  readonly service: string;
  /** The names that it gives its image; none where Compose makes one up. */
  readonly names: readonly string[];
  /** The name that Compose makes up begins with this, as far as the files say it. */
  readonly project: string | undefined;
}

export interface ComposedBuild extends ComposedService {
  readonly asked: BuildAsked;
}

type OrWhy<T> = T | { readonly why: string };

/** The services that a compose command pushes: of those with `build`, what has a name. */
export function composedPushes(
  command: ComposeCommand,
  place: ComposePlace,
): OrWhy<readonly ComposedService[]> {
  const opened = openProject(command, place);
  if ('why' in opened) return opened;
  const all = eachOf(opened, (one) => one);
  return 'why' in all ? all : all.filter(({ names }) => names.length > 0);
}

/** The services that a compose command builds, each as what `docker build` would be told. */
export function composedBuilds(
  command: ComposeCommand,
  place: ComposePlace,
): OrWhy<readonly ComposedBuild[]> {
  const opened = openProject(command, place);
  if ('why' in opened) return opened;
  if (opened.services.length === 0) return { why: 'no service of its compose file has `build`' };
  const builds = eachOf(opened, (one, build) => {
    const words = build.words();
    if ('why' in words) return words;
    const tags = one.names.flatMap((name) => ['--tag', name]);
    const asked = readDockerBuild(
      [...tags, ...command.options, ...withoutGiven(words.words, command.options)],
      {
        folder: '.',
        environment: (name) => argumentOf(name, opened.environment),
        isOfTheScript: (name) => place.isOfTheScript(name),
        resolve: (text) => place.resolve(text),
      },
    );
    if ('why' in asked) return asked;
    return { ...one, asked: { ...asked, rows: rowsOf(one, asked, command), notes: notesOf(one, opened) } };
  });
  return 'why' in builds ? builds : onceEach(builds, place);
}

function eachOf<T>(
  { project, environment, services, name }: OpenedProject,
  make: (one: ComposedService, build: ServiceBuild) => OrWhy<T>,
): OrWhy<readonly T[]> {
  const all: T[] = [];
  for (const [service, members] of services) {
    const build = new ServiceBuild(members, project, environment);
    const names = build.names();
    const made = 'why' in names ? names : make({ service, names, project: name }, build);
    if (typeof made === 'object' && made !== null && 'why' in made)
      return { why: `of the service ${service}: ${made.why}` };
    all.push(made as T);
  }
  return all;
}

/** Without the arguments that the command gives itself: those count. */
function withoutGiven(words: readonly string[], options: readonly string[]): readonly string[] {
  const given = options.flatMap((word, at) =>
    options[at - 1] === '--build-arg' ? [word.split('=')[0]] : [],
  );
  return words.flatMap((word, at) => {
    const [option, value] = word === '--build-arg' ? [word, words[at + 1]] : [words[at - 1], word];
    return option === '--build-arg' && given.includes(value?.split('=')[0]) ? [] : [word];
  });
}

/** Two services may share an image: what they build must be the same. */
function onceEach(builds: readonly ComposedBuild[], place: ComposePlace): OrWhy<readonly ComposedBuild[]> {
  const once: ComposedBuild[] = [];
  for (const build of builds) {
    const resolved = build.names.map((name) => place.resolve(name));
    const other = once.find(({ names }) => names.some((name) => resolved.includes(place.resolve(name))));
    if (!other) once.push(build);
    else if (!isDeepStrictEqual(told(other), told(build)))
      return { why: `the services ${other.service} and ${build.service} build two images with one name` };
  }
  return once;
}

/** All that decides what an image is. */
function told({ names, asked: { inputs, arguments: given, pushes } }: ComposedBuild) {
  return { names, inputs, given, pushes };
}

/** As the compose file calls what `docker build` has as an option. */
const MEMBER: Readonly<Record<string, string>> = {
  '--file': 'dockerfile',
  '--build-arg': 'args',
  '--label': 'labels',
  '--cache-from': 'cache_from',
  '--cache-to': 'cache_to',
  '--build-context': 'additional_contexts',
  '--target': 'target',
  '--platform': 'platform',
  '--secret': 'secrets',
};

function rowsOf({ service }: ComposedService, { rows }: BuildAsked, command: ComposeCommand): readonly Row[] {
  const own = rows.map((row) => {
    const [option = '', ...rest] = row.said.split(' ');
    const member = command.options.includes(rest.join(' ')) ? undefined : MEMBER[option];
    return { ...row, said: `${service}: ${[member ?? option, ...rest].join(' ')}` };
  });
  return [
    ...own,
    dropped(
      `${service}: labels com.docker.compose.…`,
      'Compose adds them to what it builds, and does not need them',
    ),
    ...command.quiet.map((name) => dropped(`${service}: ${name}`, 'it changes nothing of the image')),
  ];
}

function notesOf({ service }: ComposedService, { project, notes }: OpenedProject): readonly string[] {
  const files = project.files.join(' and ');
  return [
    `What ${files} says of the build of ${service} is now in the workflow too: change both, or build from the workflow alone.`,
    ...notes,
  ];
}
