import { expect, test } from '@jest/globals';
import { isTaskOf, ownTasks, servingTasks, tasksByZone } from '../../src/follow/own-tasks.ts';
import type { Task } from '../../src/observed.ts';
import { stoppedTask } from '../task-definition/a-task-definition.ts';

const OURS = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/acme-prod-orders:8';
const owner = { taskDefinition: OURS, rollout: 'ecs-svc/2' };
const task = (more: Partial<Task>): Task => ({ ...stoppedTask(1), taskDefinition: OURS, ...more });
const own = task({ startedBy: 'ecs-svc/2', zone: 'eu-west-1a' });
const others = task({ startedBy: 'ecs-svc/9', zone: 'eu-west-1b' });
const unnamed = task({ startedBy: undefined, zone: undefined });
const older = task({ startedBy: 'ecs-svc/2', taskDefinition: `${OURS}9` });

test('a task is ours that runs our task definition and names no other deployment', () => {
  expect([own, others, unnamed, older].map((each) => isTaskOf(each, owner))).toEqual([
    true,
    false,
    true,
    false,
  ]);
  const unknown = { ...owner, rollout: null };
  expect([own, others, older].map((each) => isTaskOf(each, unknown))).toEqual([true, true, false]);
});

test('what serves are our own tasks, or those of the task definition where none names our deployment', () => {
  expect(servingTasks([own, others, older], owner)).toEqual([own]);
  expect(servingTasks([others, older], owner)).toEqual([others]);
});

test('zones count our own running tasks alone', async () => {
  const ref = {
    names: { cluster: 'acme-prod' },
    target: { account: '000011112222', region: 'eu-west-1', service: 'orders' },
  };
  const services = { tasks: async () => [own, own, others, unnamed] };
  expect(tasksByZone(await ownTasks(services, ref, owner))).toEqual({ 'eu-west-1a': 2, unknown: 1 });
});
