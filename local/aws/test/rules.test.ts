import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from '@jest/globals';
import { keepRules, mistakesOf, type Rule } from '../src/rules/rule.ts';
import { services } from '../src/services/index.ts';
import { localWorld } from '../src/world/local-world.ts';
import { manualClock } from '../src/world/manual-clock.ts';
import type { Call } from '../src/world/service.ts';

const world = localWorld({ clock: manualClock(), url: () => '', runtime: 'simulated' });
const call: Call = {
  principal: undefined,
  account: '000011112222',
  region: 'eu-west-1',
  requestId: 'request',
  world,
  headers: {},
};
const all = services.flatMap(({ name, operations, rules = [] }) =>
  rules.map((rule) => ({ title: `${name}: ${rule.says}`, known: Object.keys(operations), rule })),
);

describe('each rule from a page', () => {
  test.each(all)('$title', ({ known, rule }) => {
    expect(known).toEqual(expect.arrayContaining([...rule.operations]));
    expect(rule.page).toMatch(/\w/);
    if (typeof rule.shownBy === 'string')
      expect(existsSync(join(import.meta.dirname, rule.shownBy))).toBe(true);
    else for (const input of rule.shownBy) expect([...rule.mistakes(input, call)]).not.toEqual([]);
  });
});

describe('rules', () => {
  const rule = (code: string, ...messages: string[]): Rule => ({
    operations: ['CreateTopic'],
    page: 'A page',
    says: 'A rule.',
    code,
    mistakes: () => messages,
    shownBy: [{}],
  });
  const rules = [rule('Quiet'), rule('First', 'one', 'two'), rule('Second', 'three')];

  it('find every mistake, and refuse with the first', () => {
    expect(mistakesOf(rules, 'CreateTopic', {}, call).map(({ message }) => message)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(() => keepRules(rules, 'CreateTopic', {}, call)).toThrow(
      expect.objectContaining({ code: 'First', message: 'one' }),
    );
  });

  it('hold for the operations that they name', () => {
    expect(() => keepRules(rules, 'DeleteTopic', {}, call)).not.toThrow();
  });
});
