import { type Beforehand, changed, dropped, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import { resolved, type Surroundings } from '../scripts/variables.ts';
import type { Texts } from '../workflow.ts';
import { type AppSpec, readAppSpec } from './appspec.ts';
import { commandsOf } from './move-from-code-deploy.ts';

/** What the official action takes where a step does not say it. */
const APPSPEC = 'appspec.yaml';

/** A deploy through CodeDeploy: what becomes of its inputs, and what must be done before ECS deploys the service. */
export interface ByCodeDeploy {
  readonly rows: readonly Row[];
  readonly beforehand: Beforehand;
}

/** Whether a step names what CodeDeploy deploys with. */
export function isByCodeDeploy(given: Texts): boolean {
  return Object.entries(given).some(([name, value]) => isOfCodeDeploy(name) && value.trim() !== '');
}

const isOfCodeDeploy = (name: string) => name.startsWith('codedeploy-');

const MOVED = 'ECS deploys the service itself once it is moved: see the end';
const OF_INPUT: Readonly<Record<string, Row>> = {
  'codedeploy-application': dropped('codedeploy-application', MOVED),
  'codedeploy-deployment-group': dropped('codedeploy-deployment-group', MOVED),
  'codedeploy-appspec': changed('codedeploy-appspec', 'what it says is of the service once that is moved'),
  'codedeploy-deployment-config': changed(
    'codedeploy-deployment-config',
    'the service has a strategy of its own once it is moved',
  ),
  'codedeploy-deployment-description': dropped(
    'codedeploy-deployment-description',
    'a deployment of ECS has none',
  ),
};

export function byCodeDeploy(around: Surroundings): ByCodeDeploy {
  const given = around.step.with;
  const value = (name: string) => saidIn(given[name], around);
  const [cluster, service] = [value('cluster') ?? 'default', value('service') ?? ''];
  const names = [
    named('CLUSTER', nameIn(cluster)),
    named('SERVICE', nameIn(service)),
    named('APPLICATION', value('codedeploy-application') ?? `AppECS-${cluster}-${service}`),
    named('DEPLOYMENT_GROUP', value('codedeploy-deployment-group') ?? `DgpECS-${cluster}-${service}`),
  ] as const;
  const config = value('codedeploy-deployment-config');
  const ofConfig = config === undefined ? undefined : named('DEPLOYMENT_CONFIG', config);
  const [ofCluster, ofService, application, group] = names;
  const commands = commandsOf({
    cluster: ofCluster.text,
    service: ofService.text,
    application: application.text,
    group: group.text,
    config: ofConfig?.text,
    appspec: appspecOf(around),
  });
  const unknown = [...names, ...(ofConfig ? [ofConfig] : [])].flatMap(({ text, is }) =>
    is === undefined ? [] : [`${text} is \`${is}\``],
  );
  return {
    rows: rowsOf(given),
    beforehand: {
      what: `move the service ${ofService.is ?? ofService.text} from CodeDeploy to ECS`,
      lines: [...(unknown.length > 0 ? [`${unknown.join(', ')}.`, ''] : []), ...commands],
    },
  };
}

function rowsOf(given: Texts): readonly Row[] {
  const rows = Object.keys(given)
    .filter(isOfCodeDeploy)
    .map(
      (name) => OF_INPUT[name] ?? dropped(name, 'the action never had such an input, and GitHub ignores it'),
    );
  return [...rows, same('a deployment in progress is not replaced')];
}

/** An input that the old action gave to ECS alone. */
export function beginsToCount({ said, to, ...row }: Row): Row {
  return to === 'service-update'
    ? changed(said, 'CodeDeploy did not look at it, and ECS does', to)
    : { said, ...row };
}

/** A value with the variables of the file put in; nothing where the step does not give it. */
function saidIn(text: string | undefined, around: Surroundings): string | undefined {
  const value = resolved(text ?? '', around).trim();
  return value === '' ? undefined : value;
}

const nameIn = (text: string) => (/^arn:[^$]*$/.test(text) ? text.slice(text.lastIndexOf('/') + 1) : text);

/** A word for a command: the value, or a word in capitals for what this file does not say. */
function named(
  placeholder: string,
  value: string,
): { readonly text: string; readonly is: string | undefined } {
  return hasExpression(value) || !/^[\w./:@-]+$/.test(value)
    ? { text: placeholder, is: value.replace(/\s+/g, ' ') }
    : { text: value, is: undefined };
}

function appspecOf(around: Surroundings): AppSpec | undefined {
  const path = saidIn(around.step.with['codedeploy-appspec'], around) ?? APPSPEC;
  const text = hasExpression(path) ? undefined : around.workflow.fileAt(path);
  return text === undefined ? undefined : readAppSpec(text);
}
