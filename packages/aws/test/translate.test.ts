import { describe, expect, test } from '@jest/globals';
import { required, translated } from '../src/errors/translate.ts';
import { retryStrategy } from '../src/session/retry-strategy.ts';

/** An error as the SDK throws it: a name, a message, and the status of the last answer when one came. */
function sdkError(name: string, status?: number): Error {
  const $metadata = { ...(status !== undefined && { httpStatusCode: status }), attempts: 1 };
  return Object.assign(new Error('as AWS said'), { name, $metadata });
}

describe('an answer of AWS', () => {
  test.each<readonly [string, number | undefined, string]>([
    ['AccessDeniedException', 400, 'AWS_DENIED'],
    ['AccessDenied', 403, 'AWS_DENIED'],
    ['UnauthorizedOperation', 403, 'AWS_DENIED'],
    ['ExpiredTokenException', 400, 'AWS_SESSION_EXPIRED'],
    ['ExpiredToken', 400, 'AWS_SESSION_EXPIRED'],
    ['ThrottlingException', 400, 'AWS_THROTTLED'],
    ['TooManyRequestsException', 429, 'AWS_THROTTLED'],
    ['SlowDown', 503, 'AWS_THROTTLED'],
    ['ServerException', 500, 'AWS_UNAVAILABLE'],
    ['InvalidParameterException', 400, 'AWS_REFUSED'],
    ['ClusterNotFoundException', 400, 'AWS_REFUSED'],
    ['SyntaxError', 200, 'AWS_UNKNOWN_OUTCOME'],
    ['TimeoutError', undefined, 'AWS_UNKNOWN_OUTCOME'],
  ])('%s (%s) is %s, with the IAM action and what AWS said', async (name, status, code) => {
    await expect(
      translated('ecs:UpdateService', Promise.reject(sdkError(name, status))),
    ).rejects.toMatchObject({
      code,
      message: expect.stringMatching(new RegExp(`ecs:UpdateService.*: ${name}: as AWS said$`)),
    });
  });

  test.each([
    ['ecs:UpdateService', /^ecs:UpdateService was sent/, /Nobody knows yet whether it took effect/],
    [
      'ecs:DescribeServices',
      /^AWS gave no readable answer to ecs:DescribeServices/,
      /Asking changed nothing/,
    ],
    ['ecr:BatchGetImage', /^AWS gave no readable answer to/, /Asking changed nothing/],
  ])(
    'that did not come is told of %s as what it is, a change or a question',
    async (action, message, remedy) => {
      await expect(translated(action, Promise.reject(sdkError('TimeoutError')))).rejects.toMatchObject({
        code: 'AWS_UNKNOWN_OUTCOME',
        message: expect.stringMatching(message),
        remedy: expect.stringMatching(remedy),
      });
    },
  );

  test.each([
    [
      'is not authorized to perform: ecr:DescribeImages on resource: arn:aws:ecr:eu-west-1:111122223333:repository/shop/cart because no policy allows it',
      [
        'its policy needs {"Effect": "Allow", "Action": "ecr:DescribeImages", "Resource": "arn:aws:ecr:eu-west-1:111122223333:repository/shop/cart"}',
      ],
    ],
    [
      'as AWS said',
      ['its policy needs {"Effect": "Allow", "Action": "ecr:DescribeImages", "Resource": "*"}'],
    ],
    ['is not authorized, with an explicit deny in a service control policy', []],
  ])(
    'that denies names the statement which the caller lacks, where one would help: %s',
    async (said, details) => {
      const denied = Object.assign(sdkError('AccessDeniedException', 400), { message: said });
      await expect(translated('ecr:DescribeImages', Promise.reject(denied))).rejects.toMatchObject({
        code: 'AWS_DENIED',
        details,
        remedy: expect.stringMatching(/without one, the README of the action/),
      });
    },
  );

  test('credentials that are not there are no unknown outcome: nothing was sent', async () => {
    const missing = Object.assign(new Error('none found'), { name: 'CredentialsProviderError' });
    await expect(translated('s3:PutObject', Promise.reject(missing))).rejects.toMatchObject({
      code: 'AWS_CREDENTIALS_MISSING',
      message: 'There are no AWS credentials for s3:PutObject; nothing was sent.',
    });
  });

  test('that the caller expects is given back by its name, and any other is a failure', async () => {
    const answer = () => Promise.reject(sdkError('ImageNotFoundException', 400));
    expect(await translated('ecr:DescribeImages', answer(), ['ImageNotFoundException'])).toBe(
      'ImageNotFoundException',
    );
    await expect(translated('ecr:DescribeImages', answer(), ['ScanNotFoundException'])).rejects.toMatchObject(
      { code: 'AWS_REFUSED' },
    );
  });

  test('that lacks what it must have is not "nothing there"', () => {
    expect(() => required(undefined, 'services')).toThrow(
      expect.objectContaining({ code: 'AWS_EMPTY_REPLY' }),
    );
    expect(required(0, 'runningCount')).toBe(0);
  });
});

describe('a request is sent again', () => {
  const tried = async (type: 'THROTTLING' | 'TRANSIENT' | 'CLIENT_ERROR', attempts: number) => {
    const strategy = retryStrategy(attempts, 1_000_000);
    let token = await strategy.acquireInitialRetryToken('');
    for (let count = 1; ; count += 1) {
      try {
        token = await strategy.refreshRetryTokenForRetry(token, { errorType: type });
      } catch {
        return { count, waited: token.throttledFor ?? 0 };
      }
    }
  };

  test('a limited number of times when cut off, never when denied, once when once was asked for', async () => {
    expect((await tried('TRANSIENT', 6)).count).toBe(6);
    expect((await tried('CLIENT_ERROR', 6)).count).toBe(1);
    expect((await tried('TRANSIENT', 1)).count).toBe(1);
    expect((await tried('THROTTLING', 1)).count).toBe(1);
  });

  test('for a minute at least when it came too often, in a number of tries that no two share in step', async () => {
    const runs = await Promise.all(Array.from({ length: 20 }, () => tried('THROTTLING', 6)));
    for (const { count, waited } of runs) {
      expect(waited).toBeGreaterThanOrEqual(60_000);
      expect(waited).toBeLessThanOrEqual(70_000);
      expect(count).toBeLessThanOrEqual(20);
    }
    expect(new Set(runs.map(({ waited }) => waited)).size).toBe(20);
  });
});
