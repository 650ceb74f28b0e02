import { posix } from 'node:path';
import { within } from '../build/paths.ts';
import type { ComposeCommand } from './command.ts';
import { envFiles, isIgnored, type OfFiles } from './env-files.ts';
import { environmentOf } from './environment.ts';
import type { ComposePlace } from './place.ts';
import { isWhy, type Project, readProject, type Service } from './project.ts';
import { type Environment, substituted } from './substitute.ts';
import { templateOf } from './template.ts';

/** The project of a compose command, and the services with `build` that it is about. */
export interface OpenedProject {
  readonly project: Project;
  /** Its name, as far as the files say it: it may be the name of the folder that the repository is in. */
  readonly name: string | undefined;
  readonly environment: Environment;
  readonly services: readonly (readonly [name: string, service: Service])[];
  /** What a person should know about how it was read. */
  readonly notes: readonly string[];
}

/** Reads the files of a compose command; or says why they are not read. */
export function openProject(
  command: ComposeCommand,
  place: ComposePlace,
): OpenedProject | { readonly why: string } {
  const own = (name: string) => settingOf(name, place);
  const [file, named, profiles, separator] = [
    own('COMPOSE_FILE'),
    own('COMPOSE_PROJECT_NAME'),
    own('COMPOSE_PROFILES'),
    own('COMPOSE_PATH_SEPARATOR'),
  ];
  for (const each of [file, profiles, separator]) if (typeof each === 'object') return each;
  const files =
    command.files.length > 0 ? command.files : listed(file, typeof separator === 'string' ? separator : ':');
  const projectFolder = command.folder === undefined ? undefined : within(place.folder, command.folder);
  const project = readProject({ folder: place.folder, files, projectFolder }, place.fileAt);
  if (isWhy(project)) return project;
  for (const each of project.files) {
    const writer = place.writerOf(each);
    if (writer !== undefined) return { why: `${writer} writes or changes ${each}` };
    const ignore = isIgnored(each, place);
    if (ignore !== undefined) return { why: `${ignore} names ${each}, so a runner may not have it` };
  }
  const ofFiles = envFiles(command.envFiles, project.folder, place);
  if (typeof ofFiles !== 'function') return ofFiles;
  const set = ofFile(files, ofFiles);
  if (set !== undefined)
    return { why: `a file of variables sets ${set}, which this command does not take from there` };
  const environment = environmentOf(place, ofFiles);
  const services = selected(project, command.services, [...command.profiles, ...listed(profiles, ',')]);
  if (isWhy(services)) return services;
  const name = nameOf(command, named, project, environment);
  return {
    project,
    name,
    environment,
    services: services as OpenedProject['services'],
    notes: notesOf(files, project, ofFiles),
  };
}

/** A setting of Compose itself, which must be a plain text to be read here. */
function settingOf(name: string, place: ComposePlace): string | { readonly why: string } | undefined {
  const found = place.environment(name);
  if (found === undefined) return undefined;
  const text = 'why' in found ? undefined : place.resolve(found.text);
  return text === undefined || text.includes('${{')
    ? { why: `this file does not say what ${name} is` }
    : text;
}

function listed(value: string | object | undefined, separator: string): readonly string[] {
  return typeof value === 'string' ? value.split(separator).filter((each) => each !== '') : [];
}

/** Settings of Compose that a file of variables may have. */
const SETTINGS = [
  'COMPOSE_PROJECT_NAME',
  'COMPOSE_PROFILES',
  'COMPOSE_PATH_SEPARATOR',
  'DOCKER_DEFAULT_PLATFORM',
];

function ofFile(files: readonly string[], ofFiles: OfFiles): string | undefined {
  return [...SETTINGS, ...(files.length === 0 ? ['COMPOSE_FILE'] : [])].find((name) => {
    const value = ofFiles(name);
    return value.kind === 'shell' && value.otherwise !== undefined;
  });
}

/** What a file of variables may set, where this command cannot see it. */
function notesOf(files: readonly string[], { services }: Project, ofFiles: OfFiles): readonly string[] {
  const profiles = Object.values(services).some((service) => service['profiles'] !== undefined);
  const asked = [...(files.length === 0 ? ['COMPOSE_FILE'] : []), ...(profiles ? ['COMPOSE_PROFILES'] : [])];
  return asked.flatMap((name) => {
    const value = ofFiles(name);
    return value.kind === 'unknown' ? [`If ${name} is set there, keep the old step: ${value.why}.`] : [];
  });
}

/** Services with `build` that a command is about: those that it names, or those of its profiles. */
function selected(
  { services }: Project,
  names: readonly string[],
  profiles: readonly string[],
): OpenedProject['services'] | { readonly why: string } {
  const missing = names.find((name) => !Object.hasOwn(services, name));
  if (missing !== undefined) return { why: `the compose file has no service ${missing}` };
  const isActive = (service: Service) => {
    const own = Array.isArray(service['profiles']) ? service['profiles'] : [];
    return own.length === 0 || profiles.includes('*') || own.some((each) => profiles.includes(String(each)));
  };
  const about = Object.entries(services).filter(([name, service]) =>
    names.length > 0 ? names.includes(name) : isActive(service),
  );
  const unclear = about.find(([, service]) => service['extends'] !== undefined);
  if (unclear) return { why: `the service ${unclear[0]} extends another one` };
  const extension = about.find(([name]) => name.startsWith('x-'));
  if (extension)
    return { why: `Compose takes the service ${extension[0]} for an extension when it merges files` };
  if (
    profiles.some((profile) => profile.includes('${{')) &&
    Object.values(services).some((each) => each['profiles'])
  )
    return { why: 'this file does not say which profiles of the compose file are active' };
  return about.filter(([, service]) => service['build'] !== undefined && service['build'] !== null);
}

/** What Compose calls the project. The folder of a checkout has the name of the repository, which no file says. */
function nameOf(
  { project: given }: ComposeCommand,
  named: ReturnType<typeof settingOf>,
  project: Project,
  environment: Environment,
): string | undefined {
  if (given !== undefined) return given;
  if (named !== undefined) return typeof named === 'string' && named !== '' ? named : undefined;
  if (project.name !== undefined) {
    const template = templateOf(project.name);
    const name = 'why' in template ? template : substituted(template, environment);
    return 'why' in name ? undefined : name.text;
  }
  if (project.folder === '.') return undefined;
  return posix
    .basename(project.folder)
    .toLowerCase()
    .replace(/[^-_a-z0-9]/g, '')
    .replace(/^[-_]+/, '');
}
