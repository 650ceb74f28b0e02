import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { TaskDefinitionDocument } from '../observed.ts';
import { objectIn, objectsIn, placedContainers, textOf } from './refused/reading.ts';

/** Forms in which files are left to be filled in, each by what is told of it: never what was written. */
const FORMS: readonly (readonly [form: string, pattern: RegExp])[] = [
  ['{{ … }}', /\{\{.*?\}\}/],
  ['${…}', /\$\{[^}]*\}/],
  ['$(…)', /\$\([A-Za-z_][\w.-]*\)/],
  ['$NAME', /\$[A-Za-z_]\w*/],
  ['<NAME>', /<[A-Za-z][\w .:-]*>/],
  ['#{…}#', /#\{[^}]*\}#?/],
  ['%NAME%', /%[A-Z_]{2,}%/],
  ['{…}', /\{[A-Z][^{}:"]*\}/],
];

/** What a text is instead of a value: the form of a placeholder; `undefined` for a text without one. */
export function placeholderIn(text: string): string | undefined {
  return FORMS.find(([, pattern]) => pattern.test(text))?.[0];
}

/** The same at a place of a longer text, or behind it. */
export function placeholderAt(text: string, at: number): string | undefined {
  const found = FORMS.flatMap(([form, pattern]) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(({ 0: match, index }) => ({
      form,
      from: index,
      to: index + match.length,
    })),
  );
  const [nearest] = found.filter(({ to }) => to > at).sort((a, b) => a.from - b.from);
  return nearest?.form;
}

export function sayUnfilled(form: string): string {
  return `has a placeholder, ${form}, that nothing has filled in; fill it in before this step`;
}

/** A number that somebody wrote as a text. */
export function isQuotedNumber(text: string): boolean {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text);
}

/**
 * Placeholders where nothing else could be meant: in names, images, roles, sizes, references and places of logs. Variables,
 * commands, labels and options may hold any text, a `$NAME` for the container's shell among it.
 */
export function unfilledMistakes(document: TaskDefinitionDocument): readonly Mistake[] {
  const ofTask = ['family', 'taskRoleArn', 'executionRoleArn', 'cpu', 'memory'].map((path) => ({
    path,
    value: document[path],
  }));
  const ofVolumes = objectsIn(document['volumes']).flatMap((volume) => {
    const efs = objectIn(volume['efsVolumeConfiguration']);
    const place = `volumes.${textOf(volume['name']) ?? ''}.efsVolumeConfiguration`;
    const point = objectIn(efs?.['authorizationConfig'])?.['accessPointId'];
    return [
      { path: `${place}.fileSystemId`, value: efs?.['fileSystemId'] },
      { path: `${place}.authorizationConfig.accessPointId`, value: point },
    ];
  });
  return [...ofTask, ...ofVolumes, ...placedContainers(document).flatMap(placesOf)].flatMap(
    ({ path, value }) => {
      const form = typeof value === 'string' ? placeholderIn(value) : undefined;
      return form === undefined ? [] : [{ path, problem: sayUnfilled(form) }];
    },
  );
}

interface Place {
  readonly path: string;
  readonly value: Json | undefined;
}

function placesOf({ path, container }: ReturnType<typeof placedContainers>[number]): readonly Place[] {
  const log = objectIn(container['logConfiguration']);
  const options = objectIn(log?.['options']) ?? {};
  const named = (list: Json | undefined, at: string) =>
    objectsIn(list).map((each) => ({
      path: `${path}.${at}.${textOf(each['name']) ?? ''}`,
      value: each['valueFrom'],
    }));
  return [
    { path, value: container['name'] },
    { path: `${path}.image`, value: container['image'] },
    ...named(container['secrets'], 'secrets'),
    ...named(log?.['secretOptions'], 'logConfiguration.secretOptions'),
    ...['awslogs-group', 'awslogs-region'].map((name) => ({
      path: `${path}.logConfiguration.options.${name}`,
      value: log?.['logDriver'] === 'awslogs' ? options[name] : undefined,
    })),
    ...objectsIn(container['environmentFiles']).map(({ value }, at) => ({
      path: `${path}.environmentFiles.${at}.value`,
      value,
    })),
    {
      path: `${path}.repositoryCredentials.credentialsParameter`,
      value: objectIn(container['repositoryCredentials'])?.['credentialsParameter'],
    },
  ];
}
