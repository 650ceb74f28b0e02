import { dropped, type Row, same } from '../draft.ts';
import { hasExpression, onlyExpression } from '../expressions.ts';
import type { Texts } from '../workflow.ts';
import { type Inputs, isTrue } from './wait.ts';

const COUNT = 'desired-count';
const FORCE = 'force-new-deployment';
const MANAGED_TAGS = 'enable-ecs-managed-tags';
const NAMES: Readonly<Record<string, string>> = {
  [COUNT]: 'desiredCount',
  [FORCE]: 'forceNewDeployment',
  [MANAGED_TAGS]: 'enableECSManagedTags',
  'propagate-tags': 'propagateTags',
};
const VOLUME = 'service-managed-ebs-volume';

/** Inputs that become members of `service-update`. */
export const MEMBERS = Object.keys(NAMES);

/** What the action told ECS beside the task definition. A value that is not set at run time told it nothing. */
export function updateOf(given: Texts): Inputs | { readonly left: string } {
  const [lines, rows]: [string[], Row[]] = [[], []];
  for (const name of MEMBERS) {
    const value = (given[name] ?? '').trim();
    if (value === '') continue;
    if (name === FORCE && !hasExpression(value) && value.toLowerCase() !== 'true') {
      rows.push(same(name, 'left out, as the default'));
      continue;
    }
    const line = hasExpression(value)
      ? fromExpression(name, value)
      : `${NAMES[name]}: ${literal(name, value)}`;
    if (line === undefined) return { left: `of \`${name}\` only a part is an expression` };
    lines.push(line);
    rows.push(same(name, 'service-update'));
  }
  const volume = volumeOf(given);
  return {
    inputs:
      lines.length + volume.lines.length > 0
        ? [['service-update', [...lines, ...volume.lines].join('\n')]]
        : [],
    rows: [...rows, ...volume.rows],
  };
}

function literal(name: string, value: string): string {
  return name === FORCE || name === MANAGED_TAGS ? String(value.toLowerCase() === 'true') : value;
}

/** A line of YAML that is empty where the value is. */
function fromExpression(name: string, value: string): string | undefined {
  const expression = onlyExpression(value);
  if (expression === undefined) return undefined;
  if (name === FORCE) return `${NAMES[name]}: ${isTrue(expression)}`;
  const text = `format('{0}', ${expression})`;
  const said = name === MANAGED_TAGS ? `${text} == 'true'` : expression;
  return `\${{ ${text} != '' && format('${NAMES[name]}: {0}', ${said}) || '' }}`;
}

function volumeOf(given: Texts): { readonly lines: readonly string[]; readonly rows: readonly Row[] } {
  const [name, settings] = [`${VOLUME}-name`, VOLUME].map((input) => (given[input] ?? '').trim());
  const both = [`${VOLUME}-name`, VOLUME].filter((input) => (given[input] ?? '').trim() !== '');
  if (!name || !settings || settings === '{}')
    return { lines: [], rows: both.map((input) => dropped(input, 'the action does nothing with one alone')) };
  return {
    lines: [`volumeConfigurations: [{ name: ${name}, managedEBSVolume: ${settings} }]`],
    rows: both.map((input) => same(input, 'service-update')),
  };
}
