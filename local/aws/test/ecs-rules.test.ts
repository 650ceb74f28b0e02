import { describe, expect, it, test } from '@jest/globals';
import { ON_EC2, ON_FARGATE } from '../src/ecs/rules/examples.ts';
import { taskDefinitionRules } from '../src/ecs/rules/index.ts';
import { mistakesOf } from '../src/rules/rule.ts';
import { manualWorld } from './manual-world.ts';

const { call } = manualWorld();
const found = (input: object) => mistakesOf(taskDefinitionRules, 'RegisterTaskDefinition', input, call);

describe('a task definition that ECS takes', () => {
  test.each([
    ['on Fargate', ON_FARGATE],
    ['on instances', ON_EC2],
  ])('%s breaks no rule', (_, input) => {
    expect(found(input)).toEqual([]);
  });
});

describe('what a rule refuses, no other rule does', () => {
  const shown = taskDefinitionRules.flatMap(({ says, shownBy }) =>
    typeof shownBy === 'string' ? [] : shownBy.map((input, at) => ({ says, at, input })),
  );
  test.each(shown)('$says ($at)', ({ says, input }) => {
    expect([...new Set(found(input).map(({ rule }) => rule.says))]).toEqual([says]);
  });

  it('is many', () => {
    expect(shown.length).toBeGreaterThan(150);
  });
});
