import { describe, expect, it } from '@jest/globals';
import { readBuildSecrets } from '../src/build-secrets.ts';

const places = {
  variable: (name: string) =>
    ({ NPM: 'the secret', AWS_SECRET_ACCESS_KEY: 'x', ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x', EMPTY: '' })[name],
  file: (path: string) => (path === '.npmrc' ? '/work/.npmrc' : path === 'odd' ? '/work/a,src=b' : undefined),
};

describe('secrets of a build', () => {
  it('are read by the names of variables and by paths', () => {
    expect(readBuildSecrets(['npm=NPM'], ['npmrc=.npmrc'], places)).toEqual([
      { id: 'npm', kind: 'value', value: 'the secret' },
      { id: 'npmrc', kind: 'file', path: '/work/.npmrc' },
    ]);
  });

  it.each([
    [['npm'], []],
    [['npm,src=/etc=NPM'], []],
    [['npm=EMPTY'], []],
    [['npm=UNSET'], []],
    [['npm=the secret itself'], []],
    [['npm=AWS_SECRET_ACCESS_KEY'], []],
    [['npm=ACTIONS_ID_TOKEN_REQUEST_TOKEN'], []],
    [[], ['npm=missing']],
    [[], ['npm=odd']],
    [['npm=NPM'], ['npm=.npmrc']],
  ])('are refused as %j and %j, and no value is said', (variables, files) => {
    let thrown: unknown;
    try {
      readBuildSecrets(variables, files, places);
    } catch (cause) {
      thrown = cause;
    }
    expect(thrown).toMatchObject({ code: 'BUILD_SECRET_INVALID', details: [expect.any(String)] });
    expect(String(thrown)).not.toMatch(/the secret/);
  });
});
