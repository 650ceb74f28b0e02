import { definitionIn, requestRules, runsOnFargate } from './requested.ts';
import { cpuUnits, isOffered, mebibytes } from './task-size.ts';

/** Characters of overrides, the JSON around them counted. */
const LONGEST = 8_192;

export const oneOffTaskRules = requestRules('RunTask - Amazon Elastic Container Service API Reference', [
  {
    operations: ['RunTask'],
    says: 'One call starts 1 to 10 tasks.',
    *mistakes({ count = 1 }) {
      if (count < 1 || count > 10) yield 'Count must be between 1 and 10.';
    },
    shownBy: [{ count: 0 }, { count: 11 }],
  },
  {
    operations: ['RunTask'],
    says: 'Who started it has up to 128 letters, digits, hyphens, slashes and underscores; a client token 64 printable characters.',
    *mistakes({ startedBy = '', clientToken }) {
      if (!/^[A-Za-z0-9/_-]{0,128}$/.test(startedBy))
        yield 'startedBy is at most 128 letters, digits, hyphens, slashes and underscores.';
      if (clientToken !== undefined && !/^[\x21-\x7e]{1,64}$/.test(clientToken))
        yield 'clientToken is at most 64 printable ASCII characters.';
    },
    shownBy: [{ startedBy: 'a b' }, { startedBy: 'x'.repeat(129) }, { clientToken: 'x'.repeat(65) }],
  },
  {
    operations: ['RunTask'],
    says: 'Only a service starts tasks in a group that is called after it.',
    *mistakes({ group = '' }) {
      if (group.startsWith('service:')) yield 'Invalid namespace for group.';
    },
    shownBy: [{ group: 'service:orders' }],
  },
  {
    operations: ['RunTask'],
    says: 'A task by itself has no service whose tags it could have.',
    *mistakes({ propagateTags }) {
      if (propagateTags === 'SERVICE')
        yield 'propagateTags SERVICE is not valid for a task that no service starts.';
    },
    shownBy: [{ propagateTags: 'SERVICE' }],
  },
  {
    operations: ['RunTask'],
    says: 'Overrides have at most 8192 characters.',
    *mistakes({ overrides }) {
      if (JSON.stringify(overrides ?? {}).length > LONGEST)
        yield `Container Overrides length must be at most ${LONGEST}`;
    },
    shownBy: [{ overrides: { containerOverrides: [{ name: 'orders', command: ['x'.repeat(LONGEST)] }] } }],
  },
  {
    operations: ['RunTask'],
    says: 'A task that Fargate runs has a size of its table, overridden or not.',
    *mistakes(input, call) {
      const { cpu, memory } = input.overrides ?? {};
      const content = definitionIn(input, call)?.content;
      if ((cpu ?? memory) === undefined || !content || !runsOnFargate(input)) return;
      const [units, mib] = [cpuUnits(cpu ?? content.cpu ?? ''), mebibytes(memory ?? content.memory ?? '')];
      if (units === undefined) yield "Invalid 'cpu' setting for task.";
      if (mib === undefined) yield "Invalid 'memory' setting for task.";
      if (units !== undefined && mib !== undefined && !isOffered(units, mib, content))
        yield `No Fargate configuration exists for given values: ${units} CPU, ${mib} memory. See the Amazon ECS documentation for the valid values.`;
    },
  },
  {
    operations: ['RunTask'],
    says: 'A shell in a task needs a task role.',
    *mistakes(input, call) {
      const definition = definitionIn(input, call);
      const role = input.overrides?.taskRoleArn ?? definition?.content.taskRoleArn;
      if (input.enableExecuteCommand && definition && role === undefined)
        yield "The task couldn't be started because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.";
    },
  },
]);
