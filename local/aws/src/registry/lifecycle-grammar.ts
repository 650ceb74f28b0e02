import { isObject, jsonObject } from '../policy/grammar/json.ts';

const RULES = 50; // "Amazon ECR service quotas"
const WILDCARDS = 4; // of one pattern of tags
const AGES = ['sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'];
const MEMBERS = {
  rule: ['rulePriority', 'description', 'selection', 'action'],
  selection: [
    'tagStatus',
    'tagPatternList',
    'tagPrefixList',
    'storageClass',
    'countType',
    'countUnit',
    'countNumber',
  ],
  action: ['type', 'targetStorageClass'],
} as const;

type Part = Readonly<Record<string, unknown>>;

/** What is wrong with the text of a lifecycle policy ("Lifecycle policy properties in Amazon ECR"). */
export function* lifecycleMistakes(text: string): Iterable<string> {
  const document = jsonObject(text);
  const { rules } = document ?? {};
  if (document === undefined) yield 'it is no JSON object';
  else if (!Array.isArray(rules) || Object.keys(document).length > 1) yield 'it has rules, and nothing else';
  else if (rules.length === 0 || rules.length > RULES) yield `it has 1 to ${RULES} rules`;
  else if (!rules.every(isObject)) yield 'each rule is an object';
  else {
    for (const rule of rules)
      for (const wrong of ofRule(rule)) yield `rule ${rule['rulePriority']}: ${wrong}`;
    yield* ofOrder(rules);
  }
}

function* ofRule(rule: Part): Iterable<string> {
  const { rulePriority, description, selection, action } = rule;
  yield* unknownMembers(rule, MEMBERS.rule);
  if (!isCount(rulePriority)) yield 'rulePriority is a whole number from 1';
  if (description !== undefined && typeof description !== 'string') yield 'description is text';
  if (isObject(selection)) {
    yield* unknownMembers(selection, MEMBERS.selection);
    yield* ofTags(selection);
    yield* ofAge(selection);
  } else yield 'selection is missing';
  if (isObject(action)) yield* ofAction(action);
  else yield 'action is missing';
}

function* ofTags({ tagStatus, tagPatternList, tagPrefixList }: Part): Iterable<string> {
  const lists = [tagPatternList, tagPrefixList].filter((list) => list !== undefined);
  if (!['tagged', 'untagged', 'any'].includes(String(tagStatus)))
    yield 'tagStatus is tagged, untagged or any';
  else if (tagStatus === 'tagged' && lists.length === 0)
    yield 'tagStatus tagged needs tagPatternList or tagPrefixList';
  else if (tagStatus === 'tagged' && lists.length > 1)
    yield 'one rule has tagPatternList or tagPrefixList, not both';
  else if (tagStatus !== 'tagged' && lists.length > 0)
    yield 'tagPatternList and tagPrefixList are of tagStatus tagged alone';
  for (const list of lists)
    if (
      !Array.isArray(list) ||
      list.length === 0 ||
      list.some((one) => typeof one !== 'string' || one === '')
    )
      yield 'a list of tags has at least one text';
  if (
    Array.isArray(tagPatternList) &&
    tagPatternList.some((one) => String(one).split('*').length > WILDCARDS + 1)
  )
    yield `a pattern of tags has ${WILDCARDS} wildcards at most`;
}

function* ofAge({ countType, countUnit, countNumber, storageClass }: Part): Iterable<string> {
  if (countType === 'imageCountMoreThan') {
    if (countUnit !== undefined) yield 'countUnit is for ages alone';
  } else if (!AGES.includes(String(countType)))
    yield `countType is imageCountMoreThan, ${AGES.slice(0, -1).join(', ')} or ${AGES.at(-1)}`;
  else if (countUnit !== 'days') yield `countType ${String(countType)} needs countUnit days`;
  if (!isCount(countNumber)) yield 'countNumber is a whole number from 1';
  if (storageClass !== undefined && storageClass !== 'standard' && storageClass !== 'archive')
    yield 'storageClass is standard or archive';
}

function* ofAction(action: Part): Iterable<string> {
  yield* unknownMembers(action, MEMBERS.action);
  const { type, targetStorageClass } = action;
  if (type !== 'expire' && type !== 'transition') yield 'the type of an action is expire or transition';
  else if ((type === 'transition') !== (targetStorageClass === 'archive'))
    yield 'a transition has targetStorageClass archive, and expire has none';
}

/** Each priority is there once; what takes any image comes last, and one rule takes those without a tag. */
function* ofOrder(rules: readonly Part[]): Iterable<string> {
  const priorities = rules.map(({ rulePriority }) => rulePriority);
  if (new Set(priorities).size < priorities.length) yield 'each rule has a rulePriority of its own';
  for (const storageClass of ['standard', 'archive']) {
    const here = rules.filter((rule) => (selectionOf(rule)['storageClass'] ?? 'standard') === storageClass);
    const last = Math.max(...here.map(({ rulePriority }) => Number(rulePriority)));
    const any = here.filter((rule) => selectionOf(rule)['tagStatus'] === 'any');
    if (any.some(({ rulePriority }) => rulePriority !== last))
      yield 'a rule with tagStatus any has the highest rulePriority';
    if (here.filter((rule) => selectionOf(rule)['tagStatus'] === 'untagged').length > 1)
      yield 'one rule alone has tagStatus untagged';
  }
}

const selectionOf = ({ selection }: Part): Part => (isObject(selection) ? selection : {});

function* unknownMembers(part: Part, known: readonly string[]): Iterable<string> {
  for (const name of Object.keys(part)) if (!known.includes(name)) yield `${name} is not known`;
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) > 0;
}
