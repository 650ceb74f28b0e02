import { expect, test } from '@jest/globals';
import { describeMistake } from '@tenant-delivery/action-kit/document';
import { parseTaskDefinitionFile } from '../../src/task-definition/file.ts';
import { registrable } from '../../src/task-definition/task-definition.ts';
import { describedTaskDefinition } from './a-task-definition.ts';

function mistakes(name: string, text: string, allowUnknown?: readonly string[]): readonly string[] {
  const read = parseTaskDefinitionFile(name, text, allowUnknown);
  return 'mistakes' in read ? read.mistakes.map(describeMistake) : [];
}

const YAML = `family: acme-prod-orders
cpu: "256"
containerDefinitions:
  - name: app
    image: <image>
    command: [sh, -c, echo "hello world"]
    environment:
      - { name: EMPTY, value: "" }
    logConfiguration:
      logDriver: splunk
      options: { tag: "", splunk-url: "https://x/?a=b=c" }
`;

test('reads JSON and YAML to the same, word for word', () => {
  const yaml = parseTaskDefinitionFile('task.yaml', YAML);
  expect(yaml).toEqual({
    document: {
      family: 'acme-prod-orders',
      cpu: '256',
      containerDefinitions: [
        {
          name: 'app',
          image: '<image>',
          command: ['sh', '-c', 'echo "hello world"'],
          environment: [{ name: 'EMPTY', value: '' }],
          logConfiguration: { logDriver: 'splunk', options: { tag: '', 'splunk-url': 'https://x/?a=b=c' } },
        },
      ],
    },
  });
  const json = JSON.stringify('document' in yaml ? yaml.document : yaml, null, '\t');
  expect(parseTaskDefinitionFile('deploy/task.json', `\uFEFF${json}`)).toEqual(yaml);
});

test('takes the answer of describe-task-definition as it is, tags included', () => {
  const [taskDefinition, tags] = [describedTaskDefinition(), [{ key: 'team', value: 'orders' }]];
  expect(parseTaskDefinitionFile('t.json', JSON.stringify({ taskDefinition, tags }))).toEqual({
    document: { ...taskDefinition, tags },
  });
  const misspelt = JSON.stringify(
    { taskDefinition: { ...registrable(taskDefinition), familly: 'x' }, tag: [] },
    null,
    1,
  );
  expect(mistakes('t.json', misspelt)).toEqual([
    expect.stringMatching(
      /^taskDefinition\.familly: is not a known key; did you mean family\? \(line \d+, column 3\)$/,
    ),
    expect.stringMatching(
      /^tag: is not a known key beside `taskDefinition` and `tags` \(line \d+, column 2\)$/,
    ),
  ]);
});

test('names every typo and every value of the wrong kind, with its path, line and column', () => {
  const text = YAML.replace('cpu: "256"', 'cpu: 256')
    .replace('    environment', '    enviroment')
    .replace('logDriver: splunk', 'logDriverr: splunk')
    .replace('tag: ""', 'tag: yes, line: 1');
  expect(mistakes('task.yml', text)).toEqual([
    'cpu: is a whole number; it must be a text: put it in quotes (line 2, column 1)',
    'containerDefinitions.app.enviroment: is not a known key; did you mean environment? (line 7, column 5)',
    'containerDefinitions.app.logConfiguration.logDriverr: is not a known key; did you mean logDriver? (line 10, column 7)',
    'containerDefinitions.app.logConfiguration.options.line: is a whole number; it must be a text: put it in quotes (line 11, column 28)',
  ]);
});

test('names what stands there twice in the same round as the typos beside it', () => {
  const twice = JSON.stringify(
    {
      containerDefinitions: [
        {
          name: 'app',
          imagee: 'x',
          environment: [
            { name: 'A', value: '1' },
            { name: 'A', value: '2' },
          ],
        },
        { name: 'log' },
        {
          name: 'app',
          secrets: [
            { name: 'S', valueFrom: 'x' },
            { name: 'S', valueFrom: 'y' },
          ],
        },
      ],
    },
    null,
    1,
  );
  expect(mistakes('task.json', twice)).toEqual([
    expect.stringMatching(/^containerDefinitions\.app\.imagee: is not a known key; did you mean image\?/),
    expect.stringMatching(/^containerDefinitions\.app: is there twice \(line \d+, column \d+\)$/),
    expect.stringMatching(/^containerDefinitions\.app\.environment\.A: is there twice/),
    expect.stringMatching(/^containerDefinitions\.app\.secrets\.S: is there twice/),
  ]);
});

test('lets a member pass that AWS has since, when it is listed', () => {
  const text = '{"family":"f","memberOfNextYear":{"a":[1]}}';
  expect(mistakes('t.json', text)).toEqual([
    'memberOfNextYear: is not a known key; if AWS has it since this release, list memberOfNextYear in `allow-unknown` (line 1, column 15)',
  ]);
  expect(mistakes('t.json', text, ['memberOfNextYear'])).toEqual([]);
  expect(mistakes('t.yaml', 'memberOfNextYear: .inf', ['memberOfNextYear'])).toEqual([
    'is no task definition: it must be an object of its members',
  ]);
});

test('runs nothing: a file that is no data is refused, whatever is in it', () => {
  const text = 'globalThis.ran = true; module.exports = {"family":"f"}';
  for (const name of ['task.js', 'task.cjs', 'task.mjs', 'task.ts', 'task'])
    expect(mistakes(name, text)).toEqual([expect.stringContaining('is no .json, .yaml or .yml file')]);
  expect(mistakes('task.json', text)).toEqual(['line 1, column 1: must be a value']);
  expect(mistakes('task.json', '[]')).toEqual(['is no task definition: it must be an object of its members']);
  expect(globalThis).not.toHaveProperty('ran');
});
