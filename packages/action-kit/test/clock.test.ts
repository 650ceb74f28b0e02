import { describe, expect, it } from '@jest/globals';
import { allLoopback, clockFrom } from '../src/clock.ts';

const FAST = '60,1800000000000,0';

describe('the clock', () => {
  it('follows a local clock where every endpoint is a loopback address', () => {
    const clock = clockFrom({ LOCAL_CLOCK: FAST, AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' });
    expect(clock.now()).toBeGreaterThan(Date.now() + 1e9);
  });

  it.each<[string, Record<string, string>]>([
    ['no endpoint is set', {}],
    ['the endpoint is elsewhere', { AWS_ENDPOINT_URL: 'https://ecs.eu-west-1.amazonaws.com' }],
    [
      'one service goes elsewhere',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_ECS: 'https://example.org' },
    ],
    ['the endpoint is empty, which the SDK takes for none', { AWS_ENDPOINT_URL: '' }],
    [
      'the SDK is told to ignore the endpoint',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
    ],
    ['the endpoint only looks local', { AWS_ENDPOINT_URL: 'http://127.0.0.1.example.org' }],
    ['the endpoint only begins local', { AWS_ENDPOINT_URL: 'http://localhost@example.org' }],
  ])('keeps real time when %s, so that nobody shortens a time limit', (_, env) => {
    expect(allLoopback(env)).toBe(false);
    expect(Math.abs(clockFrom({ LOCAL_CLOCK: FAST, ...env }).now() - Date.now())).toBeLessThan(1000);
  });
});
