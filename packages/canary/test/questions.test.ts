import { Readable } from 'node:stream';
import { expect, it } from '@jest/globals';
import { askQuestions } from '../src/questions.ts';
import { linesOf, reportOf } from '../src/report.ts';

const TASK = 'arn:aws:ecs:eu-west-1:000011112222:task-definition/td-canary-question:1';

/** An ECS that takes every definition, and refuses these operations. */
function ecsThatRefuses(...refused: readonly string[]) {
  const handle = async ({ headers }: { readonly headers: Readonly<Record<string, string>> }) => {
    const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
    const [statusCode, body] = refused.includes(operation)
      ? [400, { __type: 'AccessDeniedException', message: `no ${operation}` }]
      : [200, operation === 'ListTaskDefinitions' ? { taskDefinitionArns: [TASK] } : {}];
    return { response: { statusCode, headers: {}, body: Readable.from([JSON.stringify(body)]) } };
  };
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return { region: 'eu-west-1', credentials, requestHandler: { handle } };
}

it('what could not be taken away again is a line of the report, and the answers are kept', async () => {
  const { answers, left } = await askQuestions(ecsThatRefuses('DeregisterTaskDefinition'));
  expect(new Set(Object.values(answers))).toEqual(new Set(['taken']));
  const report = reportOf([], { deviations: [], timing: '', assumptions: [], left });
  expect(linesOf(report).join('\n')).toMatch(
    /^left {4}task definitions of the family td-canary-question could not be deregistered \(AccessDeniedException: no DeregisterTaskDefinition\)/m,
  );
});

it('a question that could not be asked says why', async () => {
  const asked = await askQuestions(ecsThatRefuses('RegisterTaskDefinition', 'ListTaskDefinitions'));
  expect(asked.answers['ecs-hard-limits-may-add-up']).toEqual({
    failed: 'AccessDeniedException: no RegisterTaskDefinition',
  });
  expect(asked.left).toMatch(/no ListTaskDefinitions/);
});
