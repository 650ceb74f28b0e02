import { describeAlarms } from '../cloudwatch/describe-alarms.ts';
import { getMetricData } from '../cloudwatch/get-metric-data.ts';
import { alarmOperations } from '../cloudwatch/put-alarm.ts';
import { alarmRules } from '../cloudwatch/rules/alarms.ts';
import { queryRules } from '../cloudwatch/rules/queries.ts';
import type { Service } from '../world/service.ts';

export { type AlarmValue, setAlarm } from '../cloudwatch/alarms.ts';
export { type ScriptedRequest, scriptRequests } from '../cloudwatch/requests.ts';

/** Amazon CloudWatch: alarms in the state that a test gives them, and what the load balancers measured. */
export const cloudwatch: Service = {
  name: 'monitoring',
  sdk: '@aws-sdk/client-cloudwatch',
  operations: { DescribeAlarms: describeAlarms, GetMetricData: getMetricData, ...alarmOperations },
  rules: [...alarmRules, ...queryRules],
};
