import { changed, dropped, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';

/** What `aws ecs update-service` was told. */
export interface UpdateAsked {
  readonly cluster: string | undefined;
  readonly service: string;
  readonly region: string | undefined;
  readonly taskDefinition: string | undefined;
  readonly members: readonly string[];
  readonly rows: readonly Row[];
}

/** What `aws ecs wait services-stable` waits for. */
export interface WaitAsked {
  readonly cluster: string | undefined;
  readonly services: readonly string[];
}

const FLAGS: Readonly<Record<string, readonly [member: string, value: string]>> = {
  '--force-new-deployment': ['forceNewDeployment', 'true'],
  '--enable-execute-command': ['enableExecuteCommand', 'true'],
  '--disable-execute-command': ['enableExecuteCommand', 'false'],
  '--enable-ecs-managed-tags': ['enableECSManagedTags', 'true'],
};
const MEMBERS: Readonly<Record<string, string>> = {
  '--desired-count': 'desiredCount',
  '--propagate-tags': 'propagateTags',
  '--health-check-grace-period-seconds': 'healthCheckGracePeriodSeconds',
};
/** What the command line prints. */
const PRINTS = ['--output', '--query', '--color'];
const PRINTS_FLAG = ['--no-cli-pager', '--no-paginate', '--no-force-new-deployment', '--debug'];

type Options = Readonly<Record<string, readonly string[]>>;

/** A family of task definitions, and the region that the command names. */
export interface FamilyAsked {
  readonly name: string;
  readonly region: string | undefined;
}

/** The words after `aws ecs update-service`. `newest` answers the newest revision of a family, if it can. */
export function readUpdateService(
  words: readonly string[],
  newest: (family: FamilyAsked) => string | undefined,
): UpdateAsked | { readonly why: string } {
  const options = optionsOf(words);
  if ('why' in options) return options;
  const one = (name: string) => options.by[name]?.[0];
  const known = [
    '--cluster',
    '--service',
    '--region',
    '--task-definition',
    ...Object.keys(FLAGS),
    ...Object.keys(MEMBERS),
    ...PRINTS,
    ...PRINTS_FLAG,
  ];
  const unknown = Object.keys(options.by).find((name) => !known.includes(name));
  if (unknown !== undefined)
    return { why: `deploy-ecs-service has nothing for \`aws ecs update-service ${unknown}\`` };
  const service = one('--service');
  if (service === undefined) return { why: '`aws ecs update-service` names no service' };
  const given = one('--task-definition');
  const found = given === undefined ? undefined : newest({ name: given, region: one('--region') });
  const taskDefinition = found ?? given;
  if (taskDefinition !== undefined && !hasExpression(taskDefinition) && !/:\d+$/.test(taskDefinition))
    return {
      why: `\`--task-definition ${taskDefinition}\` names a family, and deploy-ecs-service a revision`,
    };
  const members = [
    ...Object.entries(FLAGS).flatMap(([flag, [member, value]]) =>
      flag in options.by ? [`${member}: ${value}`] : [],
    ),
    ...Object.entries(MEMBERS).flatMap(([option, member]) =>
      option in options.by ? [`${member}: ${one(option)}`] : [],
    ),
  ];
  return {
    cluster: nameOf(one('--cluster')),
    service: nameOf(service) ?? service,
    region: one('--region'),
    taskDefinition,
    members,
    rows: Object.keys(options.by).map((name) =>
      name === '--task-definition' && found !== undefined
        ? changed(`--task-definition ${given}`, 'its newest revision, which is asked for before', 'revision')
        : rowOf(name, options.by),
    ),
  };
}

/** The words after `aws ecs wait services-stable`; nothing for an option that changes what is waited for. */
export function readWait(words: readonly string[]): WaitAsked | undefined {
  const options = optionsOf(words);
  if ('why' in options) return undefined;
  const odd = Object.keys(options.by).some(
    (name) => !['--cluster', '--services', '--region', ...PRINTS, ...PRINTS_FLAG].includes(name),
  );
  return odd
    ? undefined
    : {
        cluster: nameOf(options.by['--cluster']?.[0]),
        services: (options.by['--services'] ?? []).map((name) => nameOf(name) ?? name),
      };
}

function optionsOf(words: readonly string[]): { readonly by: Options } | { readonly why: string } {
  const by: Record<string, string[]> = {};
  let name: string | undefined;
  for (const word of words) {
    const [, option, joined] = /^(--[a-z-]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (option !== undefined) {
      by[option] ??= [];
      if (joined !== undefined) by[option].push(joined);
      name = option in FLAGS || PRINTS_FLAG.includes(option) ? undefined : option;
    } else if (name === undefined) return { why: `\`${word}\` stands alone among the words of \`aws ecs\`` };
    else by[name]?.push(word);
  }
  return { by };
}

function nameOf(text: string | undefined): string | undefined {
  if (text === undefined || hasExpression(text) || !text.startsWith('arn:')) return text;
  return text.slice(text.lastIndexOf('/') + 1);
}

function rowOf(option: string, options: Options): Row {
  const value = options[option]?.join(' ') ?? '';
  const said = value === '' ? option : `${option} ${value}`;
  if (PRINTS.includes(option) || PRINTS_FLAG.includes(option))
    return dropped(said, 'it only changes what is printed');
  if (option === '--task-definition') return same(said, 'revision');
  if (option in FLAGS || option in MEMBERS) return same(said, 'service-update');
  return ['--cluster', '--service'].includes(option) && /^arn:/.test(value)
    ? changed(said, 'by its name', option.slice(2))
    : same(said, option.slice(2));
}
