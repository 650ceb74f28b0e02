import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { isKnownStrategy, STRATEGIES, strategyNamed } from '../../src/strategies/strategies.ts';

const root = join(import.meta.dirname, '../../../..');

test('nobody else asks for a strategy by its name', () => {
  // The text of a command for a person may have `"strategy":"CANARY"`: it decides nothing.
  const names = new RegExp(`(?<!"strategy":)['"\`](${STRATEGIES.map(({ name }) => name).join('|')})['"\`]`);
  const code = (file: string) =>
    readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const naming = globSync('{packages,actions}/*/src/**/*.ts', { cwd: root }).filter((file) =>
    names.test(code(file)),
  );
  expect(naming.filter((file) => !file.startsWith('packages/deployment/src/strategies/'))).toEqual([]);
  expect(naming).toHaveLength(STRATEGIES.length);
});

test.each(STRATEGIES)('$name brings its own tasks, rests and end', (strategy) => {
  const fleet = { desired: 4, running: 4, maximumPercent: 150 };
  expect(strategy.addresses(fleet)).toBe(strategy.shiftsTraffic ? 4 : 2);
  expect(strategy.shifts({}) > 0).toBe(strategy.shiftsTraffic);
  expect(strategy.endsInService).toBe(!strategy.shiftsTraffic);
  expect(strategy.startsTasksAt('SCALE_UP')).toBe(true);
  expect(strategy.startsTasksAt('BAKE_TIME')).toBe(!strategy.shiftsTraffic);
});

test('a strategy that AWS adds is not known, rests only at its bake, and is never taken for a rolling one', () => {
  expect(isKnownStrategy('ALL_BUT_ONE')).toBe(false);
  const strategy = strategyNamed('ALL_BUT_ONE');
  const configuration = { bakeTimeInMinutes: 3, canaryConfiguration: { canaryBakeTimeInMinutes: 9 } };
  expect(strategy.restAt({ stage: 'BAKE_TIME', productionWeight: 100 }, configuration)).toBe(3);
  expect(strategy.restAt({ stage: 'PRODUCTION_TRAFFIC_SHIFT', productionWeight: 5 }, configuration)).toBe(0);
  expect(strategy).toMatchObject({ shiftsTraffic: true, endsInService: false });
});
