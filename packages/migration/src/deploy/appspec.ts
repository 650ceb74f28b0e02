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
    const said = typeof value === 'string' ? value : JSON.stringify(inCamelCase(value));
    if (isSaid(said)) options.push(`${option} ${typeof value === 'string' ? said : `'${said}'`}`);
    else unknown.push(option);
  }
  return {
    container: named(balancer['containername'], /^[\w-]+$/),
    port: named(balancer['containerport'], /^\d+$/),
    options,
    unknown,
    hooks: listIn(root['hooks']).flatMap((hook) =>
      isMembers(hook)
        ? Object.entries(hook).map(([event, lambda]) => ({ event, lambda: String(lambda) }))
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

/** A value that is written out: a script may put another one in place of `<ACCOUNT>`, `$NAME` or `{{ name }}`. */
const isSaid = (text: string) => !/[<>$'\\]|\{\{|%[\w]+%/.test(text);

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
