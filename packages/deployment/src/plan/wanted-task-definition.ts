import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { Tag, TaskDefinition, TaskDefinitionDocument } from '../observed.ts';
import { lastOf } from '../plain-names.ts';
import { sameTaskDefinition } from '../task-definition/canonical.ts';
import { changeContainers } from '../task-definition/container-changes.ts';
import { taskDefinitionMistakes } from '../task-definition/mistakes.ts';
import { patchTaskDefinition } from '../task-definition/patch.ts';
import { withoutPlaceholder } from '../task-definition/placeholder.ts';
import { READ_ONLY_MEMBERS } from '../task-definition/read-only-members.ts';
import { type RolePlace, withRoleArns } from '../task-definition/role-arn.ts';
import { pathIn, shapeMistakes } from '../task-definition/shape-mistakes.ts';
import { containersOf, isObject, registrable } from '../task-definition/task-definition.ts';
import { placeholderIn } from '../task-definition/unfilled.ts';
import { type DeployRequest, isImage } from './deploy-request.ts';

export interface WantedTaskDefinition {
  /** What RegisterTaskDefinition takes, its tags apart. */
  readonly document: TaskDefinitionDocument;
  readonly tags: readonly Tag[];
  /** The ARN of a revision that is this already, so that none is registered. */
  readonly revision: string | undefined;
  /** What a reader of the plan is to know, a sentence each. */
  readonly notes: readonly string[];
}

export interface RequestFacts extends RolePlace {
  /** The revision that the service runs now. */
  readonly current: TaskDefinition | undefined;
  /** What the ARN of a request for a revision names; `undefined` when ECS knows none. */
  readonly revision?: TaskDefinition | undefined;
  /** What happens to an image by its tag; one that runs already is always left to ECS. */
  readonly tags?: 'refused' | 'left to ECS';
}

type Result = { readonly wanted: WantedTaskDefinition } | { readonly mistakes: readonly Mistake[] };

/** The task definition that a request makes, or everything that is wrong with the request. */
export function wantedTaskDefinition(request: DeployRequest, facts: RequestFacts): Result {
  return request.source.kind === 'revision'
    ? revisionAsItIs(request.source.arn, facts)
    : changedTaskDefinition(request, facts);
}

function revisionAsItIs(arn: string, { current, revision, account, partition }: RequestFacts): Result {
  const mistake = (problem: string): Result => ({ mistakes: [{ path: 'source.arn', problem }] });
  const [, its, , , owner] = arn.split(':');
  if (owner !== account || its !== partition)
    return mistake(`is in account ${owner} (${its}), the service in ${account}`);
  if (!revision) return mistake(`is ${lastOf(arn)}, which ECS does not know`);
  if (current && revision.family !== current.family)
    return mistake(`is of the family ${revision.family}, the service runs ${current.family}`);
  if (!revision.active)
    return mistake('is INACTIVE: a service cannot take it; deploy its image from what runs now instead');
  const { document, tags } = revision;
  return { wanted: { document: registrable(document), tags, revision: arn, notes: [] } };
}

function changedTaskDefinition(request: DeployRequest, facts: RequestFacts): Result {
  const { current } = facts;
  if (!current && request.source.kind === 'running')
    return { mistakes: [{ path: 'source', problem: 'there is no revision that the service runs' }] };
  const running = registrable(current?.document ?? {});
  const allowed = new Set(request.allowUnknown);
  const from =
    request.source.kind === 'document'
      ? fileOf(request.source, current, allowed)
      : { document: withoutPlaceholder(running), tags: [], mistakes: [], notes: [] };
  const patched = patchTaskDefinition(from.document, request, allowed);
  const changed = changeContainers(patched.document, request);
  const rolled = withRoleArns(changed.document, running, facts);
  const document = registrable(rolled.document);
  const tags = tagsOf(current?.tags ?? [], from.tags, request.tags);
  const mistakes = [
    ...from.mistakes,
    ...patched.mistakes,
    ...changed.mistakes,
    ...rolled.mistakes,
    ...familyMistakes(document, current),
    ...taskDefinitionMistakes(document, running, facts.tags),
    ...(tags.length > 50
      ? [{ path: 'tags', problem: `are ${tags.length} with those that are kept; ECS takes 50` }]
      : []),
  ];
  if (mistakes.length > 0) return { mistakes };
  const same = current?.active === true && sameTaskDefinition(current.document, document);
  return {
    wanted: {
      document,
      tags,
      revision: same ? current.arn : undefined,
      notes: [...from.notes, ...changed.notes, ...tagNotes(document)],
    },
  };
}

/** What a request starts from. */
interface Start {
  readonly document: TaskDefinitionDocument;
  readonly tags: readonly Tag[];
  readonly mistakes: readonly Mistake[];
  readonly notes: readonly string[];
}

function fileOf(
  { file, document }: Extract<DeployRequest['source'], { kind: 'document' }>,
  current: TaskDefinition | undefined,
  allowed: ReadonlySet<string>,
): Start {
  const left = Object.keys(document).filter((name) => READ_ONLY_MEMBERS.has(name));
  const { tags, ...given } = Object.fromEntries(
    Object.entries(document).filter(([name]) => !READ_ONLY_MEMBERS.has(name)),
  );
  const filled = current !== undefined && (given['family'] ?? null) === null;
  return {
    document: filled ? { ...given, family: current.family } : given,
    tags: tagsIn(tags),
    mistakes: shapeMistakes('RegisterTaskDefinitionRequest', { ...given, tags: tags ?? null }, allowed).map(
      ({ keys, problem }) => ({ path: `source.document.${pathIn(document, keys)}`, problem }),
    ),
    notes: [
      ...(left.length > 0 ? [`${file}: left out what only ECS sets: ${left.join(', ')}`] : []),
      ...(filled
        ? [`${file} names no family; it is taken for ${current.family}, which the service runs`]
        : []),
    ],
  };
}

/** A tag that runs already is kept, but what it names may be another image with each deployment. */
function tagNotes(document: TaskDefinitionDocument): readonly string[] {
  return containersOf(document).flatMap(({ name, image }) =>
    typeof image !== 'string' || isImage(image)
      ? []
      : [`${name} runs ${image}, a tag: which image that is, ECS looks up anew at each deployment`],
  );
}

function familyMistakes(
  { family }: TaskDefinitionDocument,
  current: TaskDefinition | undefined,
): readonly Mistake[] {
  if (typeof family !== 'string' || family === '') return [{ path: 'family', problem: 'is missing' }];
  if (!current || family === current.family || placeholderIn(family) !== undefined) return [];
  return [
    {
      path: 'family',
      problem: `is ${JSON.stringify(family)}; the service runs ${current.family}, and keeps to its family`,
    },
  ];
}

function tagsIn(tags: Json | undefined): readonly Tag[] {
  return (Array.isArray(tags) ? tags : []).flatMap((tag: Json) =>
    isObject(tag) && typeof tag['key'] === 'string'
      ? [{ key: tag['key'], value: typeof tag['value'] === 'string' ? tag['value'] : '' }]
      : [],
  );
}

/** Tags are kept; a file's win over them, and what is asked for over both. Those of AWS itself cannot be set. */
function tagsOf(
  kept: readonly Tag[],
  given: readonly Tag[],
  asked: Readonly<Record<string, string>>,
): readonly Tag[] {
  const values = new Map([
    ...[...kept, ...given].map(({ key, value }) => [key, value] as const),
    ...Object.entries(asked),
  ]);
  return [...values].filter(([key]) => !/^aws:/i.test(key)).map(([key, value]) => ({ key, value }));
}
