import { stringify } from 'yaml';
import { changed, dropped, type Row, same } from '../draft.ts';
import { hasExpression } from '../expressions.ts';
import type { Texts } from '../workflow.ts';
import { minutesOf } from './wait.ts';

/** Of the service itself, whatever the old step said. */
const OF_THE_SERVICE = [
  ...['run-task-subnets', 'run-task-security-groups', 'run-task-assign-public-IP', 'run-task-launch-type'],
  'run-task-capacity-provider-strategy',
];
const NOT_THERE = ['run-task-tags', 'run-task-managed-ebs-volume-name', 'run-task-managed-ebs-volume'];

/** A migration runs no longer. */
const MOST_MINUTES = 120;

export interface MigrationInput {
  readonly inputs: readonly (readonly [string, string])[];
  readonly rows: readonly Row[];
}

/** The one-off task before the update. */
export function migrationOf(given: Texts): MigrationInput | { readonly left: string } {
  const asked = (given['run-task'] ?? '').trim().toLowerCase();
  if (asked === '' || asked === 'false') return { inputs: [], rows: [] };
  if (asked !== 'true')
    return { left: 'an expression decides whether `run-task` runs, and a migration has no condition' };
  const missing = NOT_THERE.find((name) => given[name] !== undefined && given[name] !== '');
  if (missing !== undefined) return { left: `a migration has no \`${missing}\`` };
  const override = overrideIn(given['run-task-container-overrides'] ?? '');
  if (override === undefined)
    return {
      left: '`run-task-container-overrides` is not the command of one container, which is all that a migration takes',
    };
  const minutes = minutesOf(given['wait-for-minutes']);
  if (minutes === undefined) return { left: 'of `wait-for-minutes` only a part is an expression' };
  const task = stringify(
    { container: override.name, command: override.command },
    { lineWidth: 0, defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' },
  ).trimEnd();
  const value = `${task}\ntimeout-minutes: ${Number(minutes) > MOST_MINUTES ? MOST_MINUTES : minutes}`;
  return {
    inputs: [['migration', value]],
    rows: [
      same('run-task', 'migration'),
      same('run-task-container-overrides', 'migration'),
      ...OF_THE_SERVICE.filter((name) => name in given).map((name) =>
        dropped(name, "the service's own is used"),
      ),
      ...('run-task-started-by' in given
        ? [dropped('run-task-started-by', 'it is tenant-delivery/RUN_ID')]
        : []),
      waitRow(given),
      ...(Number(minutes) > MOST_MINUTES
        ? [changed('wait-for-minutes', `a migration has ${MOST_MINUTES} at most`, 'migration')]
        : []),
    ],
  };
}

function waitRow(given: Texts): Row {
  const waits = (given['wait-for-task-stopped'] ?? '').trim().toLowerCase() === 'true';
  return waits
    ? same('wait-for-task-stopped', 'a migration is always awaited, and its exit code decides')
    : changed(
        'wait-for-task-stopped',
        'the deploy waits for the end of the task, and fails if its container does',
      );
}

interface Override {
  readonly name: string;
  readonly command: readonly string[];
}

function overrideIn(text: string): Override | undefined {
  if (hasExpression(text) && !/^\s*\[/.test(text)) return undefined;
  const read = jsonOf(text);
  const [one, ...more] = Array.isArray(read) ? (read as unknown[]) : [];
  const { name, command, ...others } = Object(one) as Readonly<Record<string, unknown>>;
  const plain =
    typeof name === 'string' && Array.isArray(command) && command.every((word) => typeof word === 'string');
  if (!plain || more.length > 0 || Object.keys(others).length > 0) return undefined;
  return { name, command: command as string[] };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
