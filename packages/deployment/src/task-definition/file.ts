import type { Mistake } from '@tenant-delivery/action-kit/document';
import { readJsonText } from '@tenant-delivery/action-kit/json-text';
import { type PlacedValue, readYamlText } from '@tenant-delivery/action-kit/yaml-text';
import type { Json } from '@tenant-delivery/domain';
import * as v from 'valibot';
import { type JsonObject, jsonObject } from '../json.ts';
import { READ_ONLY_MEMBERS } from './read-only-members.ts';
import {
  type AllowedUnknown,
  type Keys,
  pathIn,
  type ShapeMistake,
  shapeMistakes,
  valueAt,
} from './shape-mistakes.ts';
import { placeholderAt, sayUnfilled } from './unfilled.ts';

type Parsed = { readonly document: JsonObject } | { readonly mistakes: readonly Mistake[] };

/**
 * A task definition in a file of a repository, for `source` of a `DeployRequest`: what RegisterTaskDefinition takes, its
 * `tags` among it, or the answer of `aws ecs describe-task-definition` as it is. Read as data by the file's name, never
 * evaluated. Every mistake has its path and its line and column, and repeats no value.
 */
export function parseTaskDefinitionFile(
  name: string,
  text: string,
  allowUnknown: readonly string[] = [],
): Parsed {
  const read = readText(name, text);
  if ('mistakes' in read)
    return { mistakes: read.mistakes.map((problem) => ({ path: '', problem: unfilledAt(text, problem) })) };
  if (!v.is(jsonObject, read.value))
    return {
      mistakes: [{ path: '', problem: 'is no task definition: it must be an object of its members' }],
    };
  const value = read.value;
  const mistakes = mistakesOf(value, new Set(allowUnknown));
  if (mistakes.length > 0) {
    // What more is wrong with it shows when it is made to a task definition; names that repeat are seen here already.
    const all = [...mistakes, ...repeatedNames(value)];
    return { mistakes: all.map((mistake) => placed(value, mistake, read, text)) };
  }
  return { document: isAnswer(value) ? unwrapped(value) : value };
}

function readText(name: string, text: string): PlacedValue | { readonly mistakes: readonly string[] } {
  const data = text.replace(/^\uFEFF/, '');
  if (/\.json$/i.test(name)) return readJsonText(data);
  if (/\.ya?ml$/i.test(name)) return readYamlText(data);
  const problem =
    'is no .json, .yaml or .yml file; a task definition is read as data, and nothing is run to get it';
  return { mistakes: [problem] };
}

/** `{ taskDefinition, tags }`, which ECS answers; a task definition itself has no such member. */
interface Answer extends JsonObject {
  readonly taskDefinition: JsonObject;
}

function isAnswer(value: JsonObject): value is Answer {
  return v.is(jsonObject, value['taskDefinition']);
}

function unwrapped({ taskDefinition, tags }: Answer): JsonObject {
  return tags === undefined ? taskDefinition : { ...taskDefinition, tags };
}

const SHAPE = 'RegisterTaskDefinitionRequest';

function mistakesOf(value: JsonObject, allowed: AllowedUnknown): readonly ShapeMistake[] {
  if (!isAnswer(value)) return shapeMistakes(SHAPE, registered(value), allowed);
  const { taskDefinition, tags, ...others } = value;
  return [
    ...shapeMistakes(SHAPE, registered(taskDefinition), allowed, ['taskDefinition']),
    ...shapeMistakes(SHAPE, { tags: tags ?? null }, allowed),
    ...Object.keys(others).map((name) => ({
      keys: [name],
      problem: 'is not a known key beside `taskDefinition` and `tags`',
    })),
  ];
}

/** Containers of one name, and variables and secrets of one name in a container. */
function repeatedNames(value: JsonObject): readonly ShapeMistake[] {
  const under = isAnswer(value) ? ['taskDefinition'] : [];
  const containers = [...under, 'containerDefinitions'];
  const found = valueAt(value, containers);
  const lists = (Array.isArray(found) ? found : []).flatMap((_: Json, at): Keys[] => [
    [...containers, at, 'environment'],
    [...containers, at, 'secrets'],
  ]);
  return [containers, ...lists].flatMap((keys) => {
    const list = valueAt(value, keys);
    const names = (Array.isArray(list) ? list : []).map((entry: Json) =>
      v.is(jsonObject, entry) ? entry['name'] : undefined,
    );
    return names.flatMap((name, at) =>
      typeof name === 'string' && names.indexOf(name) < at
        ? [{ keys: [...keys, at], problem: 'is there twice' }]
        : [],
    );
  });
}

/** What only ECS sets is left out when the request is made to a task definition, and said there. */
function registered(document: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(document).filter(([name]) => !READ_ONLY_MEMBERS.has(name)));
}

function placed(
  value: Json,
  { keys, problem }: ShapeMistake,
  { place }: { place(keys: Keys): string },
  text: string,
): Mistake {
  const at = place(keys);
  const path = pathIn(value, keys);
  // YAML takes {{ name }} for an object of an object.
  if (!problem.startsWith('is an object')) return { path, problem: `${problem} (${at})` };
  const form = formAt(text, at);
  return { path, problem: `${form === undefined ? problem : sayUnfilled(form)} (${at})` };
}

/** A text that is no JSON or YAML often has a placeholder without quotes where it stops being that. */
function unfilledAt(text: string, problem: string): string {
  const [place = ''] = problem.split(':');
  const form = formAt(text, place);
  return form === undefined ? problem : `${place}: ${sayUnfilled(form)}`;
}

/** The placeholder at a place such as `line 3, column 5`, or behind it on its line. */
function formAt(text: string, place: string): string | undefined {
  const [, line, column] = /^line (\d+), column (\d+)$/.exec(place) ?? [];
  const found = line === undefined ? '' : (text.split('\n')[Number(line) - 1] ?? '');
  return placeholderAt(found, Number(column) - 1);
}
