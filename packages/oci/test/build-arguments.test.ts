import { describe, expect, it } from '@jest/globals';
import { readBuildArguments } from '../src/build-arguments.ts';

describe('build arguments', () => {
  it('are read as NAME=VALUE lines; a value may hold anything', () => {
    expect(readBuildArguments(['A=1', 'LEVEL=x=y z', 'EMPTY='])).toEqual({
      A: '1',
      LEVEL: 'x=y z',
      EMPTY: '',
    });
  });

  it.each([
    'NOVALUE',
    '1A=x',
    'REGISTRY=x',
    'registry=x',
    'PATH=x',
    'LD_PRELOAD=x',
    'NODE_OPTIONS=x',
    'DOCKER_HOST=x',
    'BUILDKIT_SYNTAX=x',
    'KUBECONFIG=/srv/kubeconfig',
    'GIT_SSH_COMMAND=x',
    'OTEL_EXPORTER_OTLP_ENDPOINT=x',
    'AWS_REGION=x',
    'ACTIONS_ID_TOKEN_REQUEST_URL=x',
    'GITHUB_SHA=x',
    'INPUT_CHANGE=x',
    'NPM_TOKEN=x',
    'DB_PASSWORD=x',
    'API_KEY=x',
    'A=AKIAABCDEFGHIJKLMNOP',
    `A=ghp_${'x'.repeat(36)}`,
    'A=-----BEGIN EC PRIVATE KEY-----',
    'A=eyJhbGciOi.eyJzdWIiOi.x',
  ])('never carry %s', (line) => {
    expect(() => readBuildArguments(['FINE=1', line])).toThrow(
      expect.objectContaining({ code: 'BUILD_ARGUMENT_RESERVED' }),
    );
  });

  it('are refused all at once, and given twice', () => {
    expect(() => readBuildArguments(['PATH=1', 'A=1', 'A=2', 'X'])).toThrow(
      expect.objectContaining({
        details: ['PATH is reserved', 'A is given twice', 'line 4 is not NAME=VALUE'],
      }),
    );
  });
});
