import { expect, test } from '@jest/globals';
import { leftOut } from '../src/left-out.ts';
import { services } from '../src/services/index.ts';

test('what the local AWS does not do is told in short lines, from what it has', () => {
  const [first = '', ...more] = leftOut('simulated', undefined);
  const operations = services.flatMap((service) => Object.keys(service.operations)).length;
  expect(first).toBe(
    `${operations} operations of ${services.length} services of AWS answer. Any other is refused by name.`,
  );
  expect(more).toContain('A task is a script of states: nothing of the image runs.');
  expect(more.filter((line) => line.length > 130 || !line.endsWith('.'))).toEqual([]);
});

test('it says whether requests are held back, and how to have that', () => {
  expect(leftOut('process', '').join('\n')).toContain('Set LOCAL_AWS_SEED=1');
  expect(leftOut('process', '7').join('\n')).toContain('Requests are throttled');
});
