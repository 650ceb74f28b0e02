import { expect, test } from '@jest/globals';
import { describedBody } from '../src/api/described-body.ts';
import { NOT_ACTED_ON } from '../src/api/not-acted-on.ts';
import { bodiesOf, operations } from './described.ts';

/** Values of every type: at most some of them are what a member may be. */
const VALUES = ['text', 1.5, true, [], {}, null];

const members = operations.flatMap((operation) =>
  Object.entries(bodiesOf(operation).members).map(([member, schema]) => ({ operation, member, schema })),
);

async function isRefused(operation: string, body: Readonly<Record<string, unknown>>): Promise<boolean> {
  try {
    await describedBody(operation, { body });
    return false;
  } catch {
    return true;
  }
}

test('a body without a member that GitHub requires is refused', async () => {
  const taken: string[] = [];
  for (const operation of operations)
    if (bodiesOf(operation).required.length > 0 && !(await isRefused(operation, {}))) taken.push(operation);
  expect(taken).toEqual([]);
});

test('each member that has one type is refused with a value of each other type', async () => {
  const typed = members.filter(({ schema }) => typeof schema.type === 'string');
  const taken: string[] = [];
  for (const { operation, member, schema } of typed)
    for (const value of VALUES.filter((each) => !isOf(schema.type, each)))
      if (!(await isRefused(operation, { [member]: value })))
        taken.push(`${operation} ${member}: ${JSON.stringify(value)}`);
  expect(taken).toEqual([]);
  expect(typed.length).toBeGreaterThan(90);
});

function isOf(type: string | undefined, value: unknown): boolean {
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === (type === 'integer' ? 'bigint' : type);
}

test("a member that nothing acts on is one of GitHub's, and is refused when it says something", async () => {
  const listed = Object.entries(NOT_ACTED_ON).flatMap(([operation, names]) =>
    names.map((member) => ({ operation, member })),
  );
  for (const { operation, member } of listed) {
    expect(members).toContainEqual(expect.objectContaining({ operation, member }));
    const said = async (value: unknown) => {
      const refused: Error | undefined = await describedBody(operation, { body: { [member]: value } }).then(
        () => undefined,
        (error) => error,
      );
      return refused?.message ?? '';
    };
    expect(await said(['something'])).toContain(`does not act on ${member}`);
    expect(await said(null)).not.toContain('does not act on');
  }
});
