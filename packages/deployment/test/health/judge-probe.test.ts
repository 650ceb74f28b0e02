import { expect, test } from '@jest/globals';
import { judgeProbe } from '../../src/health/judge-probe.ts';
import { probeDocument } from '../../src/health/probe-definition.ts';
import { probeMeans, probePlace } from '../../src/health/probe-surroundings.ts';

const TERMS = { path: '/a', status: '200', seconds: 5 };
const judged = (exitCode: number | undefined, lines?: readonly string[], reason?: string) =>
  judgeProbe(TERMS, { exitCode, reason, lines });

test.each<[number | undefined, readonly string[] | undefined, string]>([
  [0, undefined, 'healthy'],
  [0, ['noise', '{"probe":2,"kind":"good","milliseconds":4,"status":200}'], 'healthy'],
  [0, ['{"probe":2,"kind":"status","milliseconds":4,"status":500}'], 'inconclusive'],
  [0, ['{"probe":', `{"probe":${'9'.repeat(400)}}`, '{"probe":1}'], 'healthy'],
  [10, undefined, 'unhealthy'],
  [12, ['{"probe":5,"kind":"good","milliseconds":4,"status":200}'], 'unhealthy'],
  [13, ['{"probe":2,"kind":"unreached","milliseconds":4,"error":"ENOTFOUND"}'], 'inconclusive'],
  [1, ['{"probe":2,"kind":"good","milliseconds":4,"status":200}'], 'inconclusive'],
  [137, undefined, 'inconclusive'],
  [undefined, undefined, 'inconclusive'],
])('exit code %j with the log %j is %s', (exitCode, lines, verdict) => {
  expect(judged(exitCode, lines)).toMatchObject({ verdict });
});

test('what others wrote comes into no sentence as it is', () => {
  const hostile = judged(13, [
    '{"probe":1,"kind":"unreached","milliseconds":1,"error":"</td>\\n::error::x"}',
  ]);
  expect(hostile.why).toBe("the balancer could not be reached from the service's network (no connection)");
  expect(judged(undefined, undefined, 'first\r\n::error::second').why).not.toMatch(/[\r\n]/);
});

test('a probe stands in the network of the service, without its public address', () => {
  const awsvpcConfiguration = { subnets: ['a', 'b'], securityGroups: ['sg'], assignPublicIp: 'ENABLED' };
  expect(probePlace({ networkConfiguration: { awsvpcConfiguration }, launchType: 'EC2' })).toEqual({
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { ...awsvpcConfiguration, assignPublicIp: 'DISABLED' } },
  });
  expect(probePlace({ networkConfiguration: null })).toBeUndefined();
});

test('a probe has nothing of the service but what ECS itself starts it with', () => {
  const service = {
    family: 'orders',
    executionRoleArn: 'execution',
    taskRoleArn: 'task',
    volumes: [{ name: 'data' }],
    containerDefinitions: [
      {
        name: 'orders',
        secrets: [{ name: 'PASSWORD', valueFrom: 'x' }],
        environment: [{ name: 'TOKEN', value: 'y' }],
        logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g', 'awslogs-region': 'r' } },
      },
    ],
  };
  const means = probeMeans(service, 'orders');
  expect(means).toEqual({ executionRole: 'execution', log: { group: 'g', region: 'r' } });
  const document = JSON.stringify(probeDocument({ family: 'orders-probe', image: 'i@sha256:0', ...means }));
  expect(document).not.toMatch(/taskRoleArn|secrets|PASSWORD|TOKEN|volumes|portMappings|"command"/);
});
