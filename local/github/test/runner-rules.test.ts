import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { holds, holdsAsWritten } from '../src/runner/expressions/condition.ts';
import { NO_STATUS, type Scope } from '../src/runner/expressions/scope.ts';
import { fill } from '../src/runner/expressions/template.ts';
import { legsOf } from '../src/runner/graph/matrix.ts';
import { readAssignments } from '../src/runner/step/file-commands.ts';
import { createMasks } from '../src/runner/step/masks.ts';

const scope: Scope = {
  contexts: { inputs: { n: 3, flag: false, list: [1, 'a'] }, env: { TEXT: "it's }} here" } },
  status: NO_STATUS,
};

test.each([
  ['${{ inputs.n }}', 3],
  ['${{ inputs.flag }}', false],
  ['${{ inputs.list }}', [1, 'a']],
  ['n=${{ inputs.n }}', 'n=3'],
  ['${{ inputs.n }}${{ inputs.flag }}', '3false'],
  ["${{ format('}}}}{0}', inputs.n) }}", '}}3'],
  ['${{ inputs.none }}', null],
  ['x${{ inputs.none }}', 'x'],
  ["${{ inputs.n == '3' && 'A' == 'a' && inputs.none == '' }}", true],
  ['${{ fromJSON(\'{"a":[1]}\').a[0] }}', 1],
  ['${{ inputs }', '${{ inputs }'],
])('%s is %j', (written, value) => {
  expect(fill(written, scope)).toEqual(value);
});

test.each([
  [undefined, true],
  ['inputs.n > 2', true],
  ['${{ inputs.flag }}', false],
  ["'text'", true],
  ["${{ inputs.flag }} == 'true'", true], // text that is not empty: GitHub's well-known trap
  [false, false],
])('if: %j holds: %j', (condition, expected) => {
  expect(holds(condition, scope)).toBe(expected);
});

test.each([
  ['true', true],
  ['success()', false],
  ['failure()', true],
  ['${{ inputs.n > 2 }}', true],
  ['inputs.flag', false],
  ['', true],
])('pre-if or post-if %j in a failed job holds: %j', (condition, expected) => {
  const failed = { success: () => false, failure: () => true, cancelled: () => false };
  expect(holdsAsWritten(condition, { ...scope, status: failed })).toBe(expected);
});

test.each([
  [1e21, '1E+21'],
  [1e15, '1E+15'],
  [123456789012345, '123456789012345'],
  [1234567890123456, '1.23456789012346E+15'],
  [0.1 + 0.2, '0.3'],
  [-0, '0'],
  [0.0001, '0.0001'],
  [0.00001, '1E-05'],
  [-1.5e-7, '-1.5E-07'],
  [3, '3'],
])('the number %d is printed as the runner prints it: %s', (n, printed) => {
  expect(fill('n=${{ inputs.n }}', { ...scope, contexts: { inputs: { n } } })).toBe(`n=${printed}`);
});

test('whatever a secret is, neither it nor its usual encodings are left in what is shown', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4, maxLength: 40 }),
      fc.string({ maxLength: 20 }),
      (secret, around) => {
        fc.pre(secret.trim().length >= 4);
        const masks = createMasks();
        masks.add(secret);
        const shown = masks.apply(
          [secret, encodeURIComponent(secret), JSON.stringify(secret), Buffer.from(secret).toString('base64')]
            .map((form) => `${around}${form}${around}`)
            .join('\n'),
        );
        expect(masks.hides(shown)).toBe(false);
      },
    ),
  );
});

test('what is written to a file command with a delimiter is what is read', () => {
  const line = fc.stringMatching(/^[ -~]*$/);
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z_]\w*$/), fc.array(line), (name, lines) => {
      const value = lines.filter((each) => each !== 'END_a1').join('\n');
      const block = lines.length > 0 ? `${name}<<END_a1\n${value}\nEND_a1\n` : `${name}=\n`;
      expect(readAssignments(`before=1\n${block}after=2\n`)).toEqual([
        ['before', '1'],
        [name, value],
        ['after', '2'],
      ]);
    }),
  );
});

test('a matrix has every combination once, without those that are excluded', () => {
  const axis = fc.uniqueArray(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(axis, axis, fc.integer({ min: 0, max: 9 }), (a, b, out) => {
      fc.pre(a.some((each) => each !== out));
      const legs = legsOf({ a, b, exclude: [{ a: out }] }).map(({ suffix }) => suffix);
      const expected = a.filter((each) => each !== out).flatMap((x) => b.map((y) => ` (${x}, ${y})`));
      expect(legs).toEqual(expected);
    }),
  );
});

test('include adds to the combinations that it fits and never changes a value of theirs', () => {
  // GitHub, "Run variations of jobs in a workflow": expanding or adding matrix configurations
  const legs = legsOf({
    fruit: ['apple', 'pear'],
    animal: ['cat', 'dog'],
    include: [
      { color: 'green' },
      { color: 'pink', animal: 'cat' },
      { fruit: 'apple', shape: 'circle' },
      { fruit: 'banana' },
      { fruit: 'banana', animal: 'cat' },
    ],
  });
  expect(legs.map(({ matrix }) => matrix)).toEqual([
    { fruit: 'apple', animal: 'cat', color: 'pink', shape: 'circle' },
    { fruit: 'apple', animal: 'dog', color: 'green', shape: 'circle' },
    { fruit: 'pear', animal: 'cat', color: 'pink' },
    { fruit: 'pear', animal: 'dog', color: 'green' },
    { fruit: 'banana' },
    { fruit: 'banana', animal: 'cat' },
  ]);
});
