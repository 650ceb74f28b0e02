import { describe, expect, it } from '@jest/globals';
import {
  type GivenArguments,
  looseBuildArguments as loose,
  readBuildArguments as strict,
} from '../src/build-arguments.ts';

/** What a step gives, without variables of its own unless a test says so. */
function given(
  lines: readonly string[],
  variables: Readonly<Record<string, string>> = {},
  secretVariables: readonly string[] = [],
): GivenArguments {
  return { lines, secretVariables, variable: (name) => variables[name] };
}
const readBuildArguments = (lines: readonly string[]) => strict(given(lines)).args;
const looseBuildArguments = (lines: readonly string[]) => loose(given(lines));

describe('build arguments', () => {
  it('are read as NAME=VALUE lines; a value may hold anything', () => {
    expect(readBuildArguments(['A=1', 'LEVEL=x=y z', 'EMPTY='])).toEqual({
      A: '1',
      LEVEL: 'x=y z',
      EMPTY: '',
    });
  });

  it.each([
    '0123456789abcdef0123456789abcdef01234567',
    `sha256:${'0a'.repeat(32)}`,
    'sha512-w7Lp4XhBz0Qy3FvR9sKj2Mt6Nd8UaEc1GiPo5W==',
    '123e4567-e89b-12d3-a456-426614174000',
    'ReleaseCandidate20261125Build7Arm64V8',
    '1.2.3-rc.4+build.20261125',
    'https://registry.example/npm/@scope/package?tag=V2.Beta',
    'Europe/Dublin linux-x64-musl-node24',
    'redis://cache.example:6379/0?at=a@b',
  ])('may be %s', (value) => {
    expect(readBuildArguments([`A=${value}`])).toEqual({ A: value });
  });

  it.each([
    'A-B',
    '1A=x',
    'REGISTRY=x',
    'registry=x',
    'BUILDKIT_SYNTAX=x',
    'buildkit_multi_platform=1',
    'SOURCE_DATE_EPOCH=0',
    'NPM_TOKEN=x',
    'DB_PASSWORD=x',
    'API_KEY=x',
    'DB_PASS=x',
    'MYSQL_PWD=x',
    'NPM_AUTH=x',
    'A=AKIAABCDEFGHIJKLMNOP',
    `A=ghp_${'x'.repeat(36)}`,
    'A=-----BEGIN EC PRIVATE KEY-----',
    'A=eyJhbGciOi.eyJzdWIiOi.x',
    'A=https://user:word@registry.example/npm',
    'A=redis://:word@cache.example',
    'A=wJalrXUtnF3MIaK7MDENGbPx4RfiCYzEXAm2PLEKEY',
    'A=q7Rt2Xw9Lk4Bn8Vc3Zm1',
  ])('never carry %s', (line) => {
    expect(() => readBuildArguments(['FINE=1', line])).toThrow(
      expect.objectContaining({ code: 'BUILD_ARGUMENT_RESERVED' }),
    );
  });

  it('are refused all at once, and given twice', () => {
    expect(() => readBuildArguments(['BUILDKIT_SYNTAX=1', 'A=1', 'A=2', '"X'])).toThrow(
      expect.objectContaining({
        details: ['BUILDKIT_SYNTAX is reserved', 'A is given twice', 'line 4 is neither NAME=VALUE nor NAME'],
      }),
    );
  });
});

describe('build arguments that nobody has promised anything about', () => {
  it('are taken as they are; what looks like a credential is named, unless it is empty', () => {
    const args = {
      REGISTRY: 'docker.io',
      BUILDKIT_INLINE_CACHE: '1',
      NPM_TOKEN: 'x',
      API_KEY: '',
      OLD: `ghp_${'a'.repeat(36)}`,
    };
    const lines = Object.entries(args).map(([name, value]) => `${name}=${value}`);
    expect(looseBuildArguments(lines)).toMatchObject({ args, suspicious: ['NPM_TOKEN', 'OLD'] });
  });

  it('have a value masked only where no output of the job is likely to hold it by chance', () => {
    const secrets = ['NPM_TOKEN=hunter2hunter2', `OLD=ghp_${'a'.repeat(36)}`, 'DB_PASSWORD=k9#x!2pq'];
    const left = ['ENABLE_TOKEN=1', 'A_TOKEN=eu-west', 'SECRET_STAGE=production', 'API_KEY=202612010'];
    const { suspicious, masked } = looseBuildArguments([
      ...secrets,
      ...left,
      'B_TOKEN=10.20.30.40',
      'C=hunter2x',
    ]);
    expect(suspicious).toHaveLength(8);
    expect(masked).toEqual(['hunter2hunter2', `ghp_${'a'.repeat(36)}`, 'k9#x!2pq']);
  });

  it("are refused together where Docker would guess, or where the time is the commit's", () => {
    expect(() => looseBuildArguments(['A=1', 'A=2', 'TO KEN', 'SOURCE_DATE_EPOCH=0'])).toThrow(
      /A is given twice; line 3 is neither NAME=VALUE nor NAME; SOURCE_DATE_EPOCH is reserved/,
    );
  });
});

describe.each([
  ['of anybody', loose],
  ['under a contract', strict],
])('build arguments %s that are a name alone', (_, read) => {
  const wrong = (name: string, variables: Readonly<Record<string, string>>, secrets?: readonly string[]) => {
    try {
      read(given(['A=1', name], variables, secrets));
    } catch (thrown) {
      return Reflect.get(Object(thrown), 'details');
    }
    return undefined;
  };

  it('are the variables of that name, with all their lines and blanks', () => {
    const variables = { NOTES: ' first\n\n  X=second \n', EMPTY: '', CI: 'true', HTTPS_PROXY: 'http://a:1' };
    const lines = ['LEVEL=1', ...Object.keys(variables)];
    expect(read(given(lines, variables))).toMatchObject({
      args: { LEVEL: '1', ...variables },
      fromVariables: Object.keys(variables),
    });
  });

  it('are refused if there is no such variable: a second line of a value looks like one', () => {
    expect(wrong('second', {})).toEqual([expect.stringMatching(/^second has no value, and .* no variable/)]);
  });

  it('are refused if the variable is a secret of this build', () => {
    expect(wrong('NPM', { NPM: 'x' }, ['NPM'])).toEqual(['NPM holds a secret of this build']);
  });

  it.each([
    'AWS_ACCESS_KEY_ID',
    'AWS_SESSION_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_URL',
    'GITHUB_TOKEN',
    'GITHUB_WORKSPACE',
    'INPUT_TAGS',
    'STATE_LOGIN',
    'RUNNER_TEMP',
    'PATH',
    'HOME',
    'DOCKER_HOST',
    'BUILDX_BUILDER',
    'BUILDKIT_SYNTAX',
    'EXPERIMENTAL_BUILDKIT_SOURCE_POLICY',
    'LD_PRELOAD',
    'GODEBUG',
    'SSL_CERT_FILE',
    'OTEL_EXPORTER_OTLP_ENDPOINT',
  ])('are refused as %s, which is of the runner or steers the builder', (name) => {
    const details = wrong(name, { [name]: 'hidden-value' });
    expect(details).toEqual([expect.stringContaining(name)]);
    expect(JSON.stringify(details)).not.toContain('hidden-value');
  });
});

describe('the value of a variable', () => {
  const KEY = '-----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY-----\n';

  it('is refused under a contract if it looks like a credential', () => {
    expect(() => strict(given(['A', 'DB_PASSWORD'], { A: KEY, DB_PASSWORD: 'x' }))).toThrow(
      expect.objectContaining({
        details: [
          expect.stringMatching(/^the value of A looks like a credential/),
          expect.stringMatching(/^DB_PASSWORD is the name of a secret/),
        ],
      }),
    );
  });

  it('is told and masked without one', () => {
    expect(loose(given(['A'], { A: KEY }))).toMatchObject({ suspicious: ['A'], masked: [KEY] });
  });
});
