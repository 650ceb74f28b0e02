import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readServiceRequest } from '../../src/request/read-service-request.ts';

const NOTHING = {
  source: { kind: 'running' },
  images: '',
  resolves: false,
  secrets: '',
  'task-definition-patch': '',
  'service-update': '',
  tags: '',
  'allow-unknown': '',
  migration: '',
} as const;

/** What arrives of the input, by container, or what is wrong with it. */
function arriving(text: string) {
  const read = readServiceRequest({ ...NOTHING, 'environment-variables': text });
  return 'mistakes' in read ? read.mistakes : read.serviceRequest.request.environment;
}

const merged = (values: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
  Object.fromEntries(Object.entries(values).map(([name, each]) => [name, { mode: 'merge', values: each }]));

/** Names that JavaScript keeps for itself are refused. */
const isFree = (each: string) => !['__proto__', 'prototype', 'constructor'].includes(each);
const container = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/).filter(isFree);
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.:-]{0,12}$/).filter(isFree);
const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom('"', "'", '#', ':', ' ', '=', '\\', '$', '{', '\n', '\r', '\t', 'a', '<'),
    maxLength: 20,
  }),
);
const variables = fc.dictionary(container, fc.dictionary(name, value, { minKeys: 1 }), { minKeys: 1 });

/** A line for what fits on one, and else the lines up to a word that none of them is. */
function lineOf(key: string, text: string): string {
  if (!text.includes('\n') && !text.endsWith('\r')) return `${key}=${text}`;
  let end = 'EOF';
  while (text.split('\n').includes(end)) end += '_';
  return `${key}<<${end}\n${text}\n${end}`;
}

describe('any value arrives as it was written', () => {
  test('in lines', () => {
    fc.assert(
      fc.property(variables, (given) => {
        const lines = Object.entries(given).flatMap(([owner, each]) =>
          Object.entries(each).map(([key, text]) => lineOf(`${owner}.${key}`, text)),
        );
        expect(arriving(lines.join('\n'))).toEqual(merged(given));
      }),
    );
  });

  test('in JSON, on one line or as toJSON writes it', () => {
    fc.assert(
      fc.property(variables, fc.constantFrom(0, 2), (given, indent) => {
        expect(arriving(JSON.stringify(given, null, indent))).toEqual(merged(given));
      }),
    );
  });

  test('on a line of YAML, or is refused by its name', () => {
    const line = value.filter((text) => !/[\n\r\x85\u2028\u2029]|^\s*["']|^null$/.test(text));
    fc.assert(
      fc.property(line, (text) => {
        const told = arriving(`web:\n  A: ${text}\n  B: x\n`);
        if (Array.isArray(told)) expect(told.join()).toMatch(/^environment-variables/);
        else expect(told).toEqual(merged({ web: { A: text, B: 'x' } }));
      }),
      { numRuns: 150 },
    );
  });
});

test('lines are those of GitHub files: quotes, #, : and blanks mean nothing, comments are lines of their own', () => {
  const text = [
    '# the app',
    '',
    '  web.QUOTED="a" # b ',
    'web.spring.profiles.active=a=b: c',
    'web.EMPTY=',
    'web.PEM<<END',
    '  -----BEGIN-----',
    '# not a comment',
    'web.PEM=not a variable',
    '',
    'END',
    'side-car.Logging:Level= Debug',
  ].join('\n');
  expect(arriving(text)).toEqual(
    merged({
      web: {
        QUOTED: '"a" # b ',
        'spring.profiles.active': 'a=b: c',
        EMPTY: '',
        PEM: '  -----BEGIN-----\n# not a comment\nweb.PEM=not a variable\n',
      },
      'side-car': { 'Logging:Level': ' Debug' },
    }),
  );
});

test('lines below the name of a container are read as the render action reads them', () => {
  const text =
    'web.A=1\n[web]\n  B = 2 \r\nB2=x=y<<z\t\n# no line\n\nB2=last\nA=2\n [side-car] \nweb.C=3\n[other]\n';
  expect(arriving(text.replace('B = 2', 'B=2'))).toEqual(
    merged({ web: { A: '2', B: '2', B2: 'last' }, 'side-car': { 'web.C': '3' } }),
  );
  expect(arriving(text)).toEqual(
    expect.arrayContaining([expect.stringContaining('line 3 is no `NAME=value`')]),
  );
  expect(arriving('[web]\n\n')).toEqual(merged({}));
});

test.each([
  ['no container', 'LEVEL=hunter2', 'line 1 names no container; write `container.NAME=value`'],
  ['a blank in front of =', 'web.LEVEL =hunter2', 'line 1 names no container'],
  [
    'a value of several lines',
    'web.KEY=a\nhunter2',
    'line 2 is no `container.NAME=value`; a value of several',
  ],
  ['the same name twice', 'web.A=1\nweb.A=hunter2', 'line 2 sets web.A again'],
  [
    'an end that is missing',
    'web.A=1\nweb.B<<EOF\nhunter2\n EOF',
    'line 2 begins a value whose last line is missing',
  ],
  [
    'no value below a container',
    '[web]\nA=1\nhunter2',
    'line 3 is no `NAME=value`, as lines below [web] are',
  ],
  ['no end at all', 'web.B<<\nhunter2', 'line 1 has no word behind `<<`'],
  ['a carriage return', 'web.A=hunter2\r\nweb.B=x', 'line 1 ends in a carriage return'],
  [
    'null of toJSON',
    '{"web": {"TOKEN": null, "B": "hunter2"}}',
    'web.TOKEN is null, as toJSON writes what is not set',
  ],
  ['a comment', 'web:\n  A: hunter2 # x\n', 'web.A is followed by a comment'],
  [
    'an unset secret',
    'web:\n  A: \n  B: hunter2\n',
    'web.A is empty, as a secret or a variable that is not set',
  ],
  ['a number', 'web: { A: 007, B: hunter2 }', 'web.values.A: is no text; write it in quotes'],
])('%s is refused by its place, and no value is shown', (_, text, said) => {
  const told = arriving(text);
  expect(told).toEqual(expect.arrayContaining([expect.stringContaining(said)]));
  expect(JSON.stringify(told)).not.toContain('hunter2');
});

test('secrets take the same lines', () => {
  const secrets = 'web.TOKEN=arn:aws:ssm:eu-west-1:000011112222:parameter/token';
  const read = readServiceRequest({ ...NOTHING, 'environment-variables': '', secrets });
  expect(read).toMatchObject({
    serviceRequest: { request: { secrets: { web: { values: { TOKEN: secrets.split('=')[1] } } } } },
  });
});
