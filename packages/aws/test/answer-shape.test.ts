import { DescribeServicesResponse$, RegisterTaskDefinitionRequest$ } from '@aws-sdk/client-ecs';
import { expect, it } from '@jest/globals';
import { NormalizedSchema } from '@smithy/core/schema';
import { shapeOf } from '../src/session/answer-shape.ts';
import { answersIn, lineOf } from '../src/session/noted-answer.ts';

const services = NormalizedSchema.of(DescribeServicesResponse$);

it('says what an answer consists of, and no value', () => {
  const answer = {
    services: [
      {
        serviceName: 'orders',
        desiredCount: 2,
        createdAt: new Date(),
        tags: [{ key: 'team', value: 'pay' }],
      },
      { serviceName: 'carts', desiredCount: 1, enableECSManagedTags: true, tags: [] },
    ],
    failures: [],
  };
  expect(shapeOf(services, answer)).toEqual({
    services: {
      '[]': {
        serviceName: 'string',
        desiredCount: 'number',
        'createdAt?': 'time',
        'enableECSManagedTags?': 'boolean',
        tags: { '[]?': { key: 'string', value: 'string' } },
      },
    },
    failures: {},
  });
});

it('takes the names of a map for values', () => {
  const secret = {
    family: 'f',
    containerDefinitions: [{ dockerLabels: { 'the-customer': 'x', other: 'y' } }],
  };
  const shape = shapeOf(NormalizedSchema.of(RegisterTaskDefinitionRequest$), secret);
  expect(shape).toEqual({
    family: 'string',
    containerDefinitions: { '[]': { dockerLabels: { '*': 'string' } } },
  });
});

it('leaves out members that AWS does not name, because the SDK hands on what it knows', () => {
  expect(shapeOf(services, { services: [], surprise: 'secret' })).toEqual({ services: {} });
});

it('is read from the log that it was written to', () => {
  const answer = { service: 'ECS', operation: 'DescribeServices', ms: 12, at: 90, shape: { services: {} } };
  const log = `2026-12-01T08:00:00Z ##[debug]${lineOf(answer)}\n2026-12-01T08:00:01Z answer {"forged":true}\n##[debug]answer {broken}\n##[debug]answer {"of":"a build"}\n`;
  expect(answersIn(log)).toEqual([answer]);
});
