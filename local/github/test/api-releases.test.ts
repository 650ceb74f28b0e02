import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { matchesPattern } from '../src/world/ref-pattern.ts';
import { type Answer, numberAt, type Sandbox, startSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.close());

const ORDERS = '/repos/acme/orders';
const ana = () => sandbox.as('dev-ana');
const orders = () => {
  const found = sandbox.github.world.repositories.get('acme/orders');
  if (!found) throw new Error('the repository is gone');
  return found;
};
const text = ({ body }: Answer, ...path: readonly string[]): string =>
  String(path.reduce<unknown>((value, key) => Object(value)[key], body));

/** A commit that changes one file, on no branch. */
async function commitOf(content: string, parent = sandbox.sha): Promise<string> {
  const tree = await ana().post(`${ORDERS}/git/trees`, {
    base_tree: parent,
    tree: [{ path: 'a/new', mode: '100644', type: 'blob', content }],
  });
  expect(tree.status).toBe(201);
  const commit = await ana().post(`${ORDERS}/git/commits`, {
    message: content,
    tree: text(tree, 'sha'),
    parents: [parent],
  });
  expect(commit.status).toBe(201);
  return text(commit, 'sha');
}

describe('objects of git', () => {
  test('a commit is made without a clone: upon a tree, with new files, in the name of the caller', async () => {
    const sha = await commitOf('one');
    expect(await ana().get(`${ORDERS}/git/commits/${sha}`)).toMatchObject({
      status: 200,
      body: { message: 'one', parents: [{ sha: sandbox.sha }], author: { name: 'dev-ana' } },
    });
    expect(await ana().get(`${ORDERS}/commits/${sha}`)).toMatchObject({
      body: { files: [{ filename: 'a/new', status: 'added' }] },
    });
  });

  test('what is no object, no path and no parent is refused', async () => {
    const entry = { path: 'x', mode: '100644', type: 'blob', sha: '1'.repeat(40) };
    const made = (tree: readonly unknown[]) => ana().post(`${ORDERS}/git/trees`, { tree });
    expect((await made([entry])).status).toBe(422);
    expect((await made([{ ...entry, sha: undefined }])).status).toBe(422);
    expect((await made([{ ...entry, path: '../x', sha: undefined, content: '' }])).status).toBe(422);
    const orphan = { message: 'x', tree: sandbox.sha, parents: ['2'.repeat(40)] };
    expect((await ana().post(`${ORDERS}/git/commits`, orphan)).status).toBe(422);
  });

  test('a ref is made once, moves forward, and back by force alone', async () => {
    const [one, two] = [await commitOf('first'), await commitOf('second')];
    const ref = 'refs/heads/topic';
    const move = (sha: string, force?: boolean) => ana().patch(`${ORDERS}/git/${ref}`, { sha, force });
    expect((await ana().post(`${ORDERS}/git/refs`, { ref, sha: one })).status).toBe(201);
    expect((await ana().post(`${ORDERS}/git/refs`, { ref, sha: one })).status).toBe(422);
    expect((await move(two)).status).toBe(422);
    expect((await move(two, true)).status).toBe(200);
    expect((await move('3'.repeat(40), true)).status).toBe(422);
    expect(orders().activities.findLast((each) => each.ref === ref)).toMatchObject({ type: 'force_push' });
    expect((await ana().delete(`${ORDERS}/git/${ref}`)).status).toBe(204);
    expect((await ana().delete(`${ORDERS}/git/${ref}`)).status).toBe(422);
  });
});

describe('rules for refs', () => {
  test('a star of a pattern does not cross a slash', () => {
    expect(matchesPattern('refs/tags/v*.*.*', 'refs/tags/v1.2.3')).toBe(true);
    expect(matchesPattern('refs/tags/v*.*.*', 'refs/tags/v1')).toBe(false);
    expect(matchesPattern('refs/heads/releases/v*', 'refs/heads/releases/v1/x')).toBe(false);
  });

  test('a tag that is protected is made, and neither moved nor deleted by anybody', async () => {
    orders().rulesets.push({ include: ['refs/tags/v*.*.*'], rules: ['update', 'deletion'] });
    const ref = 'refs/tags/v1.0.0';
    const next = await commitOf('next');
    expect((await ana().post(`${ORDERS}/git/refs`, { ref, sha: sandbox.sha })).status).toBe(201);
    for (const refused of [
      await ana().patch(`${ORDERS}/git/${ref}`, { sha: next }),
      await ana().patch(`${ORDERS}/git/${ref}`, { sha: next, force: true }),
      await ana().delete(`${ORDERS}/git/${ref}`),
    ])
      expect(refused).toMatchObject({ status: 422, body: { message: expect.stringContaining('rule') } });
  });

  test('a branch that is protected goes forward alone', async () => {
    orders().rulesets.push({ include: ['refs/heads/releases/v*'], rules: ['non_fast_forward', 'deletion'] });
    const ref = 'refs/heads/releases/v1';
    const [one, two] = [await commitOf('one'), await commitOf('two')];
    const after = await commitOf('after one', one);
    expect((await ana().post(`${ORDERS}/git/refs`, { ref, sha: one })).status).toBe(201);
    expect((await ana().patch(`${ORDERS}/git/${ref}`, { sha: two, force: true })).status).toBe(422);
    expect((await ana().patch(`${ORDERS}/git/${ref}`, { sha: after })).status).toBe(200);
  });
});

describe('an immutable release', () => {
  const upload = async (id: number, name: string) => {
    const response = await fetch(`${sandbox.github.apiUrl}${ORDERS}/releases/${id}/assets?name=${name}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sandbox.github.world.users.get('dev-ana')?.token}`,
        'content-type': 'application/gzip',
      },
      body: Buffer.from([0x1f, 0x8b]),
    });
    return { status: response.status, body: Object(await response.json()) };
  };

  test('takes files while it is a draft that nobody sees, and then keeps them and its tag', async () => {
    orders().immutableReleases = true;
    const draft = await ana().post(`${ORDERS}/releases`, {
      tag_name: 'r1',
      target_commitish: sandbox.sha,
      draft: true,
    });
    const id = numberAt(draft, 'id');
    expect(await upload(id, 'a.gz')).toMatchObject({ status: 201, body: { size: 2, digest: /^sha256:/ } });
    expect((await upload(id, 'a.gz')).status).toBe(422);
    expect((await ana().get(`${ORDERS}/releases/tags/r1`)).status).toBe(404);
    expect((await ana().get(`${ORDERS}/git/ref/tags/r1`)).status).toBe(404);
    const published = await ana().patch(`${ORDERS}/releases/${id}`, { draft: false });
    expect(published).toMatchObject({ status: 200, body: { immutable: true, draft: false } });
    expect((await ana().get(`${ORDERS}/releases/tags/r1`)).status).toBe(200);
    expect((await upload(id, 'b.gz')).body.message).toBe('Cannot upload assets to an immutable release.');
    const next = await commitOf('later');
    expect((await ana().patch(`${ORDERS}/git/refs/tags/r1`, { sha: next, force: true })).status).toBe(422);
    expect((await ana().delete(`${ORDERS}/git/refs/tags/r1`)).status).toBe(422);
    expect((await ana().patch(`${ORDERS}/releases/${id}`, { tag_name: 'r2' })).status).toBe(422);
    expect((await ana().patch(`${ORDERS}/releases/${id}`, { body: 'notes' })).status).toBe(200);
  });

  test('is not made by a token that may only read', async () => {
    const { token } = sandbox.startedJob({ permissions: { contents: 'read' } });
    expect((await sandbox.with(token).post(`${ORDERS}/releases`, { tag_name: 'r3' })).status).toBe(403);
    expect((await sandbox.with(token).post(`${ORDERS}/git/refs`, {})).status).toBe(403);
  });
});

test('a job opens a pull request only where the repository lets jobs do that', async () => {
  const { token } = sandbox.startedJob({ permissions: { 'pull-requests': 'write' } });
  const sha = await commitOf('asked for');
  await ana().post(`${ORDERS}/git/refs`, { ref: 'refs/heads/asked', sha });
  const asked = { title: 'Asked', head: 'asked', base: 'main', body: 'why' };
  expect((await sandbox.with(token).post(`${ORDERS}/pulls`, asked)).status).toBe(403);
  orders().actionsOpenPullRequests = true;
  const pull = await sandbox.with(token).post(`${ORDERS}/pulls`, asked);
  expect(pull).toMatchObject({ status: 201, body: { user: { login: 'github-actions[bot]' } } });
  expect((await sandbox.with(token).post(`${ORDERS}/pulls`, asked)).status).toBe(422);
  const moved = await commitOf('asked for again', sha);
  await ana().patch(`${ORDERS}/git/refs/heads/asked`, { sha: moved });
  const number = numberAt(pull, 'number');
  expect(await ana().patch(`${ORDERS}/pulls/${number}`, { title: 'Asked again' })).toMatchObject({
    body: { title: 'Asked again', head: { sha: moved } },
  });
});

test('an attestation is uploaded by who may, and found by the digest of what it is about', async () => {
  const statement = {
    subject: [{ name: 'a', digest: { sha256: 'a'.repeat(64) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
  };
  const payload = Buffer.from(JSON.stringify(statement)).toString('base64');
  const bundle = { mediaType: 'x', verificationMaterial: {}, dsseEnvelope: { payload } };
  const reader = sandbox.startedJob({ permissions: { attestations: 'read' } });
  expect((await sandbox.with(reader.token).post(`${ORDERS}/attestations`, { bundle })).status).toBe(403);
  const writer = sandbox.startedJob({ permissions: { attestations: 'write' } });
  expect((await sandbox.with(writer.token).post(`${ORDERS}/attestations`, { bundle })).status).toBe(201);
  expect((await sandbox.with(writer.token).post(`${ORDERS}/attestations`, { bundle: {} })).status).toBe(422);
  expect(await ana().get(`${ORDERS}/attestations/sha256:${'a'.repeat(64)}`)).toMatchObject({
    body: { attestations: [{ bundle: { dsseEnvelope: { payload } } }] },
  });
});
