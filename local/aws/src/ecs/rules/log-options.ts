import { containersOf, definitionRules } from './definition.ts';
import { container, containerOnEc2 } from './examples.ts';

/** Every option of its own that the page gives the driver. */
const OF_AWSLOGS: ReadonlySet<string> = new Set([
  'awslogs-create-group',
  'awslogs-datetime-format',
  'awslogs-group',
  'awslogs-multiline-pattern',
  'awslogs-region',
  'awslogs-stream-prefix',
]);

/** The values of each option of a router; a file may be anything. */
const OF_ROUTERS: Readonly<Record<string, RegExp>> = {
  'enable-ecs-log-metadata': /^(true|false)$/,
  'config-file-type': /^(s3|file)$/,
  'config-file-value': /./,
};

const awslogs = (options: Record<string, string>) =>
  containerOnEc2({
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': 'orders', 'awslogs-region': 'eu-west-1', ...options },
    },
  });
const router = (options: Record<string, string>) =>
  container({ firelensConfiguration: { type: 'fluentbit', options } });

/** Options of log drivers and routers, by their names. */
export const logOptionRules = [
  ...definitionRules('LogConfiguration - Amazon Elastic Container Service API Reference', [
    {
      says: 'The driver awslogs takes the options that its page lists, and one way to tell where a message begins.',
      *mistakes(input) {
        for (const { logConfiguration } of containersOf(input)) {
          if (logConfiguration?.logDriver !== 'awslogs') continue;
          const given = Object.keys(logConfiguration.options ?? {});
          const strange = given.filter((name) => name.startsWith('awslogs-') && !OF_AWSLOGS.has(name));
          if (strange.length > 0) yield `Log driver awslogs disallows options: ${strange.join(', ')}`;
          if (given.includes('awslogs-datetime-format') && given.includes('awslogs-multiline-pattern'))
            yield 'You cannot configure both the awslogs-datetime-format and awslogs-multiline-pattern options.';
        }
      },
      shownBy: [
        awslogs({ 'awslogs-streamprefix': 'orders' }),
        awslogs({ 'awslogs-endpoint': 'https://logs.example' }),
        awslogs({ 'awslogs-datetime-format': '%Y', 'awslogs-multiline-pattern': '^\\d' }),
      ],
    },
  ]),
  ...definitionRules('FirelensConfiguration - Amazon Elastic Container Service API Reference', [
    {
      says: 'A router has three options: its file, the kind of its file, and whether it adds metadata.',
      *mistakes(input) {
        for (const { firelensConfiguration } of containersOf(input))
          for (const [name, value] of Object.entries(firelensConfiguration?.options ?? {}))
            if (!Object.hasOwn(OF_ROUTERS, name) || !OF_ROUTERS[name]?.test(value))
              yield `Invalid FirelensConfiguration option ${name}: ${value}`;
      },
      shownBy: [
        router({ 'config-file': '/extra.conf' }),
        router({ 'config-file-type': 'http' }),
        router({ 'enable-ecs-log-metadata': 'yes' }),
        router({ constructor: 'true' }),
      ],
    },
  ]),
];
