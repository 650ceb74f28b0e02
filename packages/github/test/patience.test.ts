import { afterEach, describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { changed, confirmed, orAbsent } from '../src/session/answers.ts';
import { githubClient } from '../src/session/github-client.ts';
import { type Answer, githubAnswering } from './answering.ts';

const REPOSITORY = { owner: 'acme', repo: 'orders' };
const COMMENT = { ...REPOSITORY, issue_number: 7, body: 'news' };
const schema = v.object({ id: v.number() });

type Github = Awaited<ReturnType<typeof githubAnswering>>;
const started: Github[] = [];
afterEach(async () => {
  for (const github of started.splice(0)) await github.close();
});

/** A GitHub that gives these answers one after the other. */
async function answering(...answers: readonly Answer[]): Promise<Github> {
  const left = [...answers];
  const github = await githubAnswering(() => left.shift() ?? { status: 418, body: 'asked too often' });
  started.push(github);
  return github;
}
const refusal = (status: number, headers = {}): Answer => ({ status, headers, body: { message: 'no' } });
const broken: Answer = { body: undefined };
const fine: Answer = { body: { id: 1 } };

describe('asking GitHub', () => {
  const read = ({ client }: Github) => client.rest.repos.get(REPOSITORY);

  it('answers what the schema confirms, and tells absent from everything else', async () => {
    const more = { body: { id: 1, more: true } };
    expect(confirmed(schema, await read(await answering(more)))).toEqual({ id: 1 });
    expect(await orAbsent(read(await answering(refusal(404))))).toBe('absent');
    await expect(orAbsent(read(await answering(refusal(410))))).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
    });
  });

  it('takes an answer without what is needed for no answer', async () => {
    for (const body of [{}, { id: null }, { id: '1' }, { message: 'ok' }]) {
      const answer = await read(await answering({ body }));
      expect(() => confirmed(schema, answer)).toThrow(/GitHub's answer to \/repos\/acme\/orders lacks.*id/);
    }
  });

  it('takes a page of a proxy for no answer, also where a list would be read', async () => {
    const { client } = await answering({ body: '<p>Sign in</p>' });
    const pages = client.paginate(client.rest.repos.listDeployKeys, REPOSITORY);
    await expect(pages).rejects.toMatchObject({ code: 'GITHUB_ANSWER_INCOMPLETE' });
  });

  it('asks again after server errors, broken connections and short rate limits, as long as GitHub says', async () => {
    const github = await answering(refusal(502), refusal(403, { 'retry-after': '7' }), broken, fine);
    expect((await read(github)).data).toEqual({ id: 1 });
    expect(github.slept).toEqual([1000, 7000, 4000]);
  });

  it('gives up on a GitHub that stays silent, or that wants to be left alone for longer than a minute', async () => {
    const silent = await answering(refusal(500), refusal(500), broken, refusal(500));
    await expect(read(silent)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(silent.asked).toHaveLength(4);
    for (const limit of [{ 'x-ratelimit-remaining': '0' }, { 'retry-after': '3600' }])
      for (const status of [403, 429]) {
        const limited = await answering(refusal(status, limit));
        await expect(read(limited)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
        expect(limited.slept).toEqual([]);
      }
  });

  it('stops waiting when the run is cancelled', async () => {
    const cancelled = new AbortController();
    const github = await answering(refusal(502), fine);
    const clock = { now: () => 0, sleep: async () => cancelled.abort() };
    const { rest } = await githubClient(github.url, 'a-token', clock, cancelled.signal);
    await expect(rest.repos.get(REPOSITORY)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(github.asked).toHaveLength(1);
  });

  it('names the route when the token may not', async () => {
    await expect(read(await answering(refusal(403)))).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
      message: expect.stringContaining('GET /repos/acme/orders: no'),
    });
  });
});

describe('changing something at GitHub', () => {
  const send = ({ client }: Github) => client.rest.issues.createComment(COMMENT);

  it('is sent once: a comment made twice would stay', async () => {
    for (const answer of [refusal(502), broken, refusal(403, { 'retry-after': '1' })]) {
      const github = await answering(answer, fine);
      await expect(send(github)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
      expect(github.asked).toEqual(['POST /repos/acme/orders/issues/7/comments']);
    }
  });

  it('is unknown where the answer was lost, and refused where GitHub says so', async () => {
    expect(await changed(send(await answering(fine)))).toMatchObject({ kind: 'done', data: { id: 1 } });
    for (const lost of [refusal(502), broken])
      expect(await changed(send(await answering(lost)))).toEqual({ kind: 'unknown' });
    for (const answer of [refusal(404), refusal(422), refusal(403, { 'retry-after': '1' })])
      expect(await changed(send(await answering(answer)))).toMatchObject({
        kind: 'refused',
        status: answer.status,
        said: expect.stringContaining('no'),
      });
  });

  it('lets a mistake of ours through as what it is', async () => {
    await expect(changed(Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
  });
});
