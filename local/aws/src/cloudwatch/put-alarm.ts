import type { DeleteAlarmsCommandInput, PutMetricAlarmCommandInput } from '@aws-sdk/client-cloudwatch';
import { withinQuota } from '../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { alarmsOf, REASONS } from './alarms.ts';

/** Making, changing and deleting metric alarms. What they measure is kept and told; nothing evaluates it. */
export const alarmOperations: Readonly<Record<string, Handler>> = {
  PutMetricAlarm: (input: PutMetricAlarmCommandInput, call: Call) => {
    const { world, account, region } = call;
    const { AlarmName: name = '', Tags: _tags, ...rule } = input;
    if (rule.EvaluationPeriods === undefined || rule.ComparisonOperator === undefined)
      throw new AwsError('ValidationError', 'EvaluationPeriods and ComparisonOperator are required.');
    const alarms = alarmsOf(world, account, region);
    const now = world.clock.now();
    const known = alarms[name];
    if (!known) withinQuota(call, 'alarms', Object.keys(alarms).length);
    alarms[name] = {
      ...(known ?? {
        name,
        arn: `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`,
        state: 'INSUFFICIENT_DATA',
        reason: REASONS.INSUFFICIENT_DATA,
        updatedAt: now,
        changedAt: now,
      }),
      createdAt: now, // of its configuration
      rule,
    };
    world.touched();
    return {};
  },
  DeleteAlarms: ({ AlarmNames = [] }: DeleteAlarmsCommandInput, { world, account, region }: Call) => {
    const alarms = alarmsOf(world, account, region);
    const missing = AlarmNames.filter((name) => !alarms[name]);
    if (missing.length > 0)
      throw new AwsError('ResourceNotFound', `Alarm(s) ${missing.join(', ')} do not exist`, 404);
    for (const name of AlarmNames) delete alarms[name];
    world.touched();
    return {};
  },
};
