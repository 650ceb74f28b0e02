import { describe, expect, it } from '@jest/globals';
import type { Clock } from '@tenant-delivery/action-kit/clock';
import * as v from 'valibot';
import { asking, type Request } from '../src/session/ask.ts';
import { everyPage } from '../src/session/pages.ts';

const schema = v.object({ id: v.number() });
const READ = 'GET /repos/{owner}/{repo}';
const WRITE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';

function refusal(status: number, headers: Readonly<Record<string, string>> = {}): Error {
  return Object.assign(new Error(`status ${status}`), { status, response: { headers } });
}

/** A GitHub that gives these answers one after the other. */
function github(...answers: readonly (object | Error)[]) {
  const left = [...answers];
  const asked: string[] = [];
  const slept: number[] = [];
  const request: Request = async (route) => {
    asked.push(route);
    const answer = left.shift() ?? new Error('asked too often');
    if (answer instanceof Error) throw answer;
    return { data: answer };
  };
  const clock: Clock = { now: () => 0, sleep: async (milliseconds) => void slept.push(milliseconds) };
  return { ask: asking(request, clock), asked, slept };
}

describe('asking GitHub', () => {
  it('answers what the schema confirms, and tells absent from everything else', async () => {
    expect(await github({ id: 1, more: true }).ask(READ, {}, schema)).toEqual({ id: 1 });
    expect(await github(refusal(404)).ask(READ, {}, schema)).toBe('absent');
  });

  it('takes an answer without what is needed for no answer', async () => {
    for (const answer of [{}, { id: null }, { id: '1' }, { message: 'ok' }])
      await expect(github(answer).ask(READ, {}, schema)).rejects.toMatchObject({
        code: 'GITHUB_ANSWER_INCOMPLETE',
        message: expect.stringContaining('id'),
      });
  });

  it('asks again after server errors and short rate limits, waiting as long as GitHub says', async () => {
    const { ask, slept } = github(refusal(502), refusal(403, { 'retry-after': '7' }), { id: 1 });
    expect(await ask(READ, {}, schema)).toEqual({ id: 1 });
    expect(slept).toEqual([1000, 7000]);
  });

  it('gives up on a GitHub that stays silent, or that wants to be left alone for longer than a minute', async () => {
    const silent = github(refusal(500), refusal(500), refusal(500), refusal(500));
    await expect(silent.ask(READ, {}, schema)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    for (const limit of [{ 'x-ratelimit-remaining': '0' }, { 'retry-after': '3600' }]) {
      const limited = github(refusal(403, limit));
      await expect(limited.ask(READ, {}, schema)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
      expect(limited.slept).toEqual([]);
    }
  });

  it('sends a write once: a comment made twice would stay', async () => {
    const { ask, asked } = github(refusal(502), { id: 1 });
    await expect(ask(WRITE, {}, schema)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
    expect(asked).toEqual([WRITE]);
  });

  it('stops waiting when the run is cancelled', async () => {
    const cancelled = new AbortController();
    const request: Request = async () => Promise.reject(refusal(502));
    const clock: Clock = { now: () => 0, sleep: async () => cancelled.abort() };
    const ask = asking(request, clock, cancelled.signal);
    await expect(ask(READ, {}, schema)).rejects.toMatchObject({ code: 'GITHUB_UNAVAILABLE' });
  });

  it('names the route when the token may not', async () => {
    await expect(github(refusal(403)).ask(READ, {}, schema)).rejects.toMatchObject({
      code: 'GITHUB_PERMISSION_MISSING',
      message: expect.stringContaining(READ),
    });
  });

  it('lets a mistake of ours through as what it is', async () => {
    await expect(github(new TypeError('ours')).ask(READ, {}, schema)).rejects.toThrow(TypeError);
  });
});

it('reads every page of a list', async () => {
  const full = Array.from({ length: 100 }, (_, id) => ({ id }));
  const { ask, asked } = github(full, full, [{ id: 200 }]);
  const all = await everyPage(ask, READ, {}, v.array(schema), (answer) => answer);
  expect(all).toHaveLength(201);
  expect(asked).toHaveLength(3);
});
