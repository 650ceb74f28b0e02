import { containersOf, definitionRules, FARGATE, needsFargate } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

const ON_FARGATE: readonly string[] = ['awslogs', 'splunk', 'awsfirelens'];

/** Options without which a driver has nowhere to write. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  awslogs: ['awslogs-region', 'awslogs-group'],
  splunk: ['splunk-url', 'splunk-token'],
};

const awslogs = (options: Record<string, string>) =>
  container({ logConfiguration: { logDriver: 'awslogs', options } });

export const logRules = [
  ...definitionRules('LogConfiguration - Amazon Elastic Container Service API Reference', [
    {
      says: 'Fargate has the log drivers awslogs, splunk and awsfirelens.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const { logConfiguration } of containersOf(input)) {
          const driver = logConfiguration?.logDriver;
          if (driver !== undefined && !ON_FARGATE.includes(driver))
            yield `${driver} is not a valid log driver. Must be one of [${ON_FARGATE.join(', ')}]`;
        }
      },
      shownBy: [
        container({ logConfiguration: { logDriver: 'json-file' } }),
        container({ logConfiguration: { logDriver: 'fluentd' } }),
      ],
    },
    {
      says: 'A driver has the options that it requires, given or as secrets.',
      *mistakes(input) {
        for (const { logConfiguration } of containersOf(input)) {
          const { logDriver: driver = '', options = {}, secretOptions = [] } = logConfiguration ?? {};
          const given = [...Object.keys(options), ...secretOptions.map(({ name }) => name)];
          const required = Object.hasOwn(REQUIRED, driver) ? REQUIRED[driver] : [];
          const missing = (required ?? []).filter((option) => !given.includes(option));
          if (missing.length > 0) yield `Log driver ${driver} requires options: ${missing.join(', ')}`;
        }
      },
      shownBy: [
        awslogs({ 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'orders' }),
        awslogs({ 'awslogs-group': 'orders', 'awslogs-stream-prefix': 'orders' }),
        containerOnEc2({ logConfiguration: { logDriver: 'awslogs' } }),
        containerOnEc2({
          logConfiguration: { logDriver: 'splunk', options: { 'splunk-url': 'https://splunk' } },
        }),
      ],
    },
    {
      says: 'A line is in the stream of its task on Fargate, so awslogs needs a prefix there.',
      *mistakes(input) {
        if (!needsFargate(input)) return;
        for (const { logConfiguration } of containersOf(input))
          if (
            logConfiguration?.logDriver === 'awslogs' &&
            !logConfiguration.options?.['awslogs-stream-prefix']
          )
            yield 'Fargate requires log configuration options to include awslogs-stream-prefix to support log driver awslogs.';
      },
      shownBy: [awslogs({ 'awslogs-group': 'orders', 'awslogs-region': 'eu-west-1' })],
    },
    {
      says: 'Lines are delivered blocking or non-blocking.',
      *mistakes(input) {
        for (const { logConfiguration } of containersOf(input)) {
          const mode = logConfiguration?.options?.['mode'];
          if (mode !== undefined && !['blocking', 'non-blocking'].includes(mode))
            yield `Invalid 'mode' option for log driver ${logConfiguration?.logDriver}: ${mode}. Must be one of [blocking, non-blocking]`;
        }
      },
      shownBy: [
        awslogs({ 'awslogs-group': 'a', 'awslogs-region': 'b', 'awslogs-stream-prefix': 'c', mode: 'fast' }),
      ],
    },
    {
      says: 'The driver awsfirelens needs a container that routes.',
      *mistakes(input) {
        const containers = containersOf(input);
        const routes = containers.some(({ firelensConfiguration }) => firelensConfiguration !== undefined);
        if (
          !routes &&
          containers.some(({ logConfiguration }) => logConfiguration?.logDriver === 'awsfirelens')
        )
          yield 'When awsfirelens log driver is specified in log configuration, a firelens configuration object must be specified.';
      },
      shownBy: [container({ logConfiguration: { logDriver: 'awsfirelens' } })],
    },
  ]),
  ...definitionRules(FARGATE, [
    {
      says: 'A router on Fargate reads its configuration from a file of its image.',
      *mistakes(input) {
        for (const { firelensConfiguration } of containersOf(input)) {
          const { 'config-file-type': type = 'file', 'config-file-value': value = 'arn:' } =
            firelensConfiguration?.options ?? {};
          if (type !== 's3') continue;
          if (needsFargate(input))
            yield "Fargate launch type does not support FirelensConfiguration config file from 's3'";
          else if (!value.startsWith('arn:')) yield 'Invalid arn syntax';
        }
      },
      shownBy: [
        container({
          firelensConfiguration: {
            type: 'fluentbit',
            options: { 'config-file-type': 's3', 'config-file-value': 'arn:aws:s3:::logs/extra.conf' },
          },
        }),
        containerOnEc2({
          firelensConfiguration: {
            type: 'fluentbit',
            options: { 'config-file-type': 's3', 'config-file-value': 'logs/extra.conf' },
          },
        }),
      ],
    },
  ]),
];
