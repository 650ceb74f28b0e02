import { expect, test } from '@jest/globals';
import type { Report, Row } from '@tenant-delivery/credentials/report/row';
import type { State } from '@tenant-delivery/credentials/report/states';
import type { Issues, KeptIssue } from '@tenant-delivery/delivery/github-ports';
import { keepIssues, markerOf } from '../src/keep-issues.ts';

const HOSTILE = 'x <!-- end --> @acme/all <img src=x> ](https://evil)\n::error::owned';

function row(id: string, state: State, more: Partial<Row> = {}): Row {
  return {
    id,
    kind: 'iam-access-key',
    subject: `user td-rotatable/${id}`,
    state,
    finding: null,
    owner: ['sre-gold'],
    consumers: [],
    bornAt: '2026-08-01T00:00:00.000Z',
    bornBy: 'IAM',
    ageDays: 116,
    maxAgeDays: 60,
    nextDue: null,
    rotation: null,
    why: HOSTILE,
    facts: [HOSTILE],
    remedy: 'Rotate it.',
    replacement: null,
    ...more,
  };
}

const report = (...rows: readonly Row[]): Report => ({
  tenant: 'acme',
  environment: 'prod',
  account: '000011112222',
  region: 'eu-west-1',
  at: '2026-11-25T05:41:00.000Z',
  rows,
  elsewhere: 0,
});

interface Kept extends KeptIssue {
  title: string;
  body: string;
  state: string;
  comments: string[];
}

/** GitHub's issues of the operations repository. */
function repository() {
  const kept: Kept[] = [];
  let writes = 0;
  const find = (number: number) => {
    const found = kept.find((issue) => issue.number === number);
    if (!found) throw new Error(`there is no issue ${number}`);
    writes += 1;
    return found;
  };
  const openAll: Issues['openAll'] = async (_, marker) =>
    kept.filter(({ state, body }) => state === 'open' && body.startsWith(marker));
  const issues: Issues = {
    openAll,
    openOne: async (name, marker) => (await openAll(name, marker))[0],
    create: async (_, title, body) => {
      writes += 1;
      const number = kept.length + 1;
      const issue = { number, url: `issue ${number}`, title, body, state: 'open', comments: [] };
      kept.push(issue);
      return issue;
    },
    update: async (_, number, change) => void Object.assign(find(number), change),
    comment: async (_, number, body) => void find(number).comments.push(body),
  };
  return {
    kept,
    keep: async (...rows: readonly Row[]) => {
      writes = 0;
      const told = await keepIssues(issues, 'OWNER/tenant-operations', report(...rows));
      return { ...told, writes };
    },
  };
}

test('a credential has one issue from its first bad news to its mending, and nothing is written while nothing changes', async () => {
  const { kept, keep } = repository();
  expect(await keep(row('ci', 'ok'), row('db', 'due'))).toMatchObject({ opened: [], writes: 0 });
  expect(await keep(row('ci', 'overdue'), row('db', 'hold'))).toMatchObject({
    opened: ['issue 1', 'issue 2'],
  });
  expect(await keep(row('ci', 'overdue', { ageDays: 117 }), row('db', 'hold'))).toMatchObject({ writes: 0 });
  expect(await keep(row('ci', 'hold'), row('db', 'hold'))).toMatchObject({
    updated: ['issue 1', 'issue 2'],
    writes: 1,
  });
  expect(await keep(row('ci', 'in-progress'), row('db', 'hold'))).toMatchObject({ closed: ['issue 1'] });
  expect(kept.map(({ state }) => state)).toEqual(['closed', 'open']);
  expect(await keep(row('ci', 'overdue'), row('db', 'hold'))).toMatchObject({ opened: ['issue 3'] });
});

test('what is unknown opens no issue and closes none', async () => {
  const { kept, keep } = repository();
  await keep(row('ci', 'overdue'));
  await keep(row('ci', 'unknown'), row('db', 'unknown'));
  expect(kept.map(({ state }) => state)).toEqual(['open']);
  expect(kept[0]?.body).toContain('**unknown**');
});

test('an issue of a credential that left the contract is closed, and one of another environment is not touched', async () => {
  const { kept, keep } = repository();
  await keep(row('ci', 'overdue'));
  const elsewhere = markerOf({ ...report(), environment: 'test' }, 'ci');
  kept.push({ number: 2, url: 'issue 2', title: '', body: elsewhere, state: 'open', comments: [] });
  expect(await keep()).toMatchObject({ closed: ['issue 1'] });
  expect(kept.map(({ state }) => state)).toEqual(['closed', 'open']);
});

test('a run opens no more issues than GitHub takes at once, and says what is left', async () => {
  const { keep } = repository();
  const rows = Array.from({ length: 70 }, (_, n) => row(`key-${n}`, 'overdue'));
  const told = [await keep(...rows), await keep(...rows), await keep(...rows)];
  expect(told.map(({ opened, left }) => [opened.length, left.length])).toEqual([
    [30, 40],
    [30, 10],
    [10, 0],
  ]);
});

test('nothing that others wrote becomes a mention, a link or a comment of ours', async () => {
  const { kept, keep } = repository();
  await keep(row(`evil ${HOSTILE}`, 'hold', { finding: 'missing' }));
  const [, ...text] = (kept[0]?.body ?? '').split('\n');
  expect(text.join('\n')).not.toMatch(/<img|<!-- end|@acme|https:\/\/evil|\n::/);
});
