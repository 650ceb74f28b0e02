import { parse } from 'yaml';

/** What an AppSpec file says of the service beside its task definition. */
export interface AppSpec {
  readonly container: string | undefined;
  readonly port: string | undefined;
  /** What CodeDeploy gave the service with each deployment, as options of `aws ecs update-service`. */
  readonly options: readonly string[];
  /** Members that it has and whose values a command of an earlier step writes. */
  readonly unknown: readonly string[];
  readonly hooks: readonly Hook[];
}

export interface Hook {
  readonly event: string;
  readonly lambda: string;
}

type Members = Readonly<Record<string, unknown>>;

/** Members of an AppSpec, and the option of `aws ecs update-service` that says the same. */
const OPTIONS: Readonly<Record<string, string>> = {
  networkconfiguration: '--network-configuration',
  platformversion: '--platform-version',
  capacityproviderstrategy: '--capacity-provider-strategy',
};

/** An AppSpec for ECS, in YAML or JSON; nothing for another text. Its names are read without regard to case, as the action does. */
export function readAppSpec(text: string): AppSpec | undefined {
  const root = membersOf(parsed(text));
  const properties = listIn(root['resources'])
    .flatMap((resource) => Object.values(membersOf(resource)))
    .map(membersOf)
    .filter(({ type }) => type === 'AWS::ECS::Service')
    .map((resource) => membersOf(resource['properties']))[0];
  if (properties === undefined) return undefined;
  const balancer = membersOf(properties['loadbalancerinfo']);
  const [options, unknown]: [string[], string[]] = [[], []];
  for (const [name, option] of Object.entries(OPTIONS)) {
    const value = properties[name];
    if (value === undefined || value === null) continue;
    const word = wordFor(value);
    if (word === undefined) unknown.push(option);
    else options.push(`${option} ${word}`);
  }
  return {
    container: named(balancer['containername'], /^[\w-]+$/),
    port: named(balancer['containerport'], /^\d+$/),
    options,
    unknown,
    hooks: listIn(root['hooks']).flatMap((hook) =>
      isMembers(hook)
        ? Object.entries(hook).map(([event, lambda]) => ({
            event: named(event, NAME) ?? 'EVENT',
            lambda: named(lambda, NAME) ?? 'FUNCTION',
          }))
        : [],
    ),
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Its members by their names in lower case. */
function membersOf(value: unknown): Members {
  if (!isMembers(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name.toLowerCase(), member]));
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A version, a name or an ARN: what a person may paste into a shell as it is. */
const NAME = /^[\w.:/-]+$/;

/**
 * One word of a shell for a value; nothing for one that a script may replace, such as `<ACCOUNT>`, `$NAME` or `{{ name }}`,
 * or that a shell would take for more than a word.
 */
function wordFor(value: unknown): string | undefined {
  if (typeof value === 'string') return named(value, NAME);
  const json = JSON.stringify(inCamelCase(value));
  return /[<>$'\\]|\{\{|%[\w]+%/.test(json) ? undefined : `'${json}'`;
}

function named(value: unknown, form: RegExp): string | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return form.test(text) ? text : undefined;
}

/** As ECS spells them: `AwsvpcConfiguration` is `awsvpcConfiguration`. */
function inCamelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inCamelCase);
  if (!isMembers(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      inCamelCase(member),
    ]),
  );
}
