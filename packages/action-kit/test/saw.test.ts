import { expect, it } from '@jest/globals';
import { saw, sawIn } from '../src/saw.ts';

it('what a job saw is read from its debug log, and nothing else is', () => {
  const lines: string[] = [];
  saw({ debug: (line) => lines.push(line) }, 'ecr-takes-chunks', { requests: 3 });
  const log = `2026-12-01T08:00:00Z ##[debug]${lines.join()}\r\n${lines.join()}\n##[debug]saw {"assumption":7}\n##[debug]saw {broken}\n`;
  expect(sawIn(log)).toEqual([{ assumption: 'ecr-takes-chunks', facts: { requests: 3 } }]);
});
