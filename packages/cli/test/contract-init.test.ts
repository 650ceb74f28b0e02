import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { run } from '../src/run.ts';

const SAID = {
  tenant: 'umbrella',
  account: '000055556666',
  region: 'eu-west-1',
  cidr: '10.40.0.0/16',
  service: 'shop',
  repository: 'umbrella/shop',
  'repository-id': '5',
  'owner-id': '6',
  approvers: '200001,200002',
  operations: 'OWNER/tenant-operations',
  'operations-id': '700002',
  'operations-owner-id': '700000',
  release: 'v0.1.0',
  expires: '2027-11-30',
};

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'contract-init-'));
});
afterEach(() => rm(cwd, { recursive: true }));

/** Types a command; `answers` are those of a person at a terminal, by a word of the question. */
async function type(
  words: readonly string[],
  answers?: (question: string, asked: number) => string | undefined,
) {
  const printed: string[] = [];
  const questions: string[] = [];
  const ask = async (question: string) => {
    questions.push(question);
    return answers?.(question, questions.filter((one) => one === question).length);
  };
  const exit = await run(words, {
    cwd,
    env: {},
    out: (line) => printed.push(line),
    err: (line) => printed.push(line),
    interrupted: new AbortController().signal,
    ...(answers && { ask }),
  });
  return { exit, printed: printed.join('\n'), questions };
}

const flags = (said: Readonly<Record<string, string>>) =>
  Object.entries(said).flatMap(([flag, value]) => [`--${flag}`, value]);
const written = () => readFile(join(cwd, 'umbrella.yaml'), 'utf8');

test('writes from flags a whole contract that lint accepts, and never over a file that is there', async () => {
  expect(await type(['contract', 'init', 'umbrella.yaml', ...flags(SAID)])).toMatchObject({ exit: 0 });
  expect(await type(['contract', 'lint', 'umbrella.yaml'])).toMatchObject({
    exit: 0,
    printed: 'one contract: nothing to correct.',
  });
  const text = await written();
  expect(text).toContain('zones: [euw1-az1, euw1-az2]');
  expect(text).toContain('publishers: ["arn:aws:iam::000055556666:role/contracts"] # who puts contracts');
  expect(text.split('\n').filter((line) => line.includes(' # ')).length).toBeGreaterThan(15);
  const again = await type(['contract', 'init', 'umbrella.yaml', ...flags({ ...SAID, service: 'other' })]);
  expect(again).toMatchObject({
    exit: 2,
    printed: expect.stringContaining('umbrella.yaml is there already'),
  });
  expect(await written()).toBe(text);
});

test('without a terminal every answer that is missing or wrong is listed, and nothing is written', async () => {
  const { tenant, ...rest } = SAID;
  const wrong = { ...rest, account: '123', cidr: '10.40.0.0/8', repository: 'shop # {' };
  const { exit, printed } = await type(['contract', 'init', 'umbrella.yaml', ...flags(wrong)]);
  expect(exit).toBe(2);
  expect(printed).toContain('--tenant is missing: the tenant, as it is called in names at AWS');
  expect(printed).toContain('--account is "123"; it must be 12 digits');
  expect(printed).toContain('--cidr is "10.40.0.0/8"; it must be a /16 such as 10.40.0.0/16');
  expect(printed).toContain('--repository is "shop # {"; it must be owner/name');
  await expect(written()).rejects.toThrow('ENOENT');
});

test('what lint would refuse is not written either', async () => {
  const past = { ...SAID, expires: '2020-01-01' };
  const { exit, printed } = await type(['contract', 'init', 'umbrella.yaml', ...flags(past)]);
  expect([exit, printed]).toEqual([1, expect.stringContaining('expires: 2020-01-01T00:00:00Z has passed')]);
  await expect(written()).rejects.toThrow('ENOENT');
});

test('at a terminal asks for what no flag says, takes what is usual, and asks again after a wrong answer', async () => {
  const { account, region, ...rest } = SAID;
  const { exit, printed, questions } = await type(
    ['contract', 'init', 'umbrella.yaml', ...flags(rest)],
    (question, asked) => {
      if (question.startsWith('Its AWS account')) return asked === 1 ? '12 34' : account;
      return question.startsWith('The region') ? region : '';
    },
  );
  expect({ exit, printed }).toMatchObject({ exit: 0 });
  expect(printed).toContain('It must be 12 digits.');
  expect(questions).toEqual([
    'Its AWS account: ',
    'Its AWS account: ',
    'The region: ',
    expect.stringContaining('[euw1-az1,euw1-az2]: '),
    'The environment [prod]: ',
    expect.stringContaining('[arn:aws:iam::000055556666:role/contracts]: '),
  ]);
  expect(await written()).toContain('account: "000055556666"');
});

test('who leaves the terminal is told what is missing, and is not asked for ever', async () => {
  const { exit, printed } = await type(['contract', 'init', 'umbrella.yaml'], () => undefined);
  expect([exit, printed]).toEqual([2, expect.stringContaining('--tenant is missing')]);
});
