import { describe, expect, test } from '@jest/globals';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import { parseTaskDefinitionFile } from '../../src/task-definition/file.ts';
import { taskDefinitionMistakes } from '../../src/task-definition/mistakes.ts';
import { placeholderIn } from '../../src/task-definition/unfilled.ts';

const dollar = (name: string) => `$\{${name}}`;

function told(name: string, text: string): readonly string[] {
  const read = parseTaskDefinitionFile(name, text);
  const mistakes =
    'mistakes' in read ? read.mistakes : taskDefinitionMistakes(read.document, {}, 'left to ECS');
  return mistakes.map(describeMistake);
}

test.each([
  ['arn:aws:iam::<ACCOUNT>:role/x', '<NAME>'],
  ['<Your-AWS-Account.Id>', '<NAME>'],
  ['{{ image }}', '{{ … }}'],
  [`web:${dollar('TAG')}`, dollar('…')],
  ['web:$TAG', '$NAME'],
  ['$(IMAGE)', '$(…)'],
  ['#{Image}#', '#{…}#'],
  ['%IMAGE%', '%NAME%'],
  ['web-{INSERT ticket}', '{…}'],
])('%s has a placeholder of the form %s', (text, form) => {
  expect(placeholderIn(text)).toBe(form);
});

test.each([
  'web:1.2',
  '000011112222.dkr.ecr.eu-west-1.amazonaws.com/a/b',
  '/a/__b__/c',
  'a < b',
  '100%',
  'a$',
])('%s has none', (text) => {
  expect(placeholderIn(text)).toBeUndefined();
});

describe('a file that nobody has filled in', () => {
  const web = {
    name: 'web',
    image: '{{ image }}',
    memory: 128,
    secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:<ACCOUNT>:parameter/token' }],
    logConfiguration: {
      logDriver: 'awslogs',
      options: { 'awslogs-group': `/${dollar('ENV')}/web`, 'awslogs-region': '$AWS_REGION' },
    },
    // what a container's shell, or its program, may read
    command: ['sh', '-c', 'echo $HOME {{ x }}'],
    environment: [{ name: 'A', value: '<b>' }],
    dockerLabels: { rule: 'Host(`{{ host }}`)' },
  };

  test('is refused at every place where nothing else could be meant, once, and nowhere else', () => {
    const document = {
      family: 'web-$ENV',
      executionRoleArn: 'arn:aws:iam::<ACCOUNT>:role/execution',
      containerDefinitions: [web],
    };
    const filled = (form: string) =>
      `has a placeholder, ${form}, that nothing has filled in; fill it in before this step`;
    expect(told('td.json', JSON.stringify(document))).toEqual([
      `family: ${filled('$NAME')}`,
      `executionRoleArn: ${filled('<NAME>')}`,
      `containerDefinitions.web.image: ${filled('{{ … }}')}`,
      `containerDefinitions.web.secrets.TOKEN: ${filled('<NAME>')}`,
      `containerDefinitions.web.logConfiguration.options.awslogs-group: ${filled(dollar('…'))}`,
      `containerDefinitions.web.logConfiguration.options.awslogs-region: ${filled('$NAME')}`,
    ]);
  });

  test('is told where it is neither JSON nor of the right shape, with its line', () => {
    const json = '{\n  "family": "web",\n  "cpu": {{ cpu }},\n  "containerDefinitions": []\n}';
    expect(told('td.json', json)).toEqual([
      expect.stringMatching(/^line 3, column \d+: has a placeholder, \{\{ … \}\}/),
    ]);
    const yaml =
      'family: web\ncpu: {{ cpu }}\ncontainerDefinitions:\n  - { name: web, image: x, cpu: $CPU }\n';
    expect(told('td.yaml', yaml)).toEqual([
      expect.stringMatching(/^cpu: has a placeholder, \{\{ … \}\}.* \(line 2, column 1\)$/),
      expect.stringMatching(/^containerDefinitions\.web\.cpu: has a placeholder, \$NAME/),
    ]);
  });

  test('has numbers and booleans in quotes named as what they are', () => {
    const file = { containerDefinitions: [{ name: 'web', cpu: '256', memory: 'a lot', essential: 'true' }] };
    expect(told('td.json', JSON.stringify(file))).toEqual([
      expect.stringContaining('web.cpu: is a number in quotes; take the quotes away'),
      expect.stringContaining('web.memory: is a text; it must be a whole number, without quotes'),
      expect.stringContaining('web.essential: is true in quotes; take the quotes away'),
    ]);
  });
});

test.each([
  [{ requiresCompatibilities: ['EC2'] }, {}],
  [{}, {}],
  [{ requiresCompatibilities: ['EC2'] }, { memory: null }],
])('memory that is missing on instances is refused before ECS refuses it: %j %j', (task, container) => {
  const file = {
    family: 'web',
    ...task,
    containerDefinitions: [{ name: 'web', image: 'nginx:1', ...container }],
  };
  expect(told('td.json', JSON.stringify(file))).toEqual([
    'containerDefinitions.web.memory: is missing, as is the memory of the task; set one of them',
  ]);
});
