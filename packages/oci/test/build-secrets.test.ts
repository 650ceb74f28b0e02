import { describe, expect, it } from '@jest/globals';
import { Failure } from '@tenant-delivery/action-kit/failure';
import { readBuildSecrets } from '../src/build-secrets.ts';

const places = {
  variable: (name: string) =>
    ({
      NPM: 'the secret',
      SEVERAL: '\nnpm=the=secret \r\npip=x\n',
      WRONG: 'npm\npip=the secret',
      AWS_SECRET_ACCESS_KEY: 'x',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'x',
      EMPTY: '',
    })[name],
  file: (path: string) => (path === '.npmrc' ? '/work/.npmrc' : path === 'odd' ? '/work/a,src=b' : undefined),
};

describe('secrets of a build', () => {
  it('are read by the names of variables and by paths', () => {
    expect(readBuildSecrets({ variables: ['npm=NPM'], files: ['npmrc=.npmrc'] }, places)).toEqual([
      { id: 'npm', kind: 'value', value: 'the secret' },
      { id: 'npmrc', kind: 'file', path: '/work/.npmrc' },
    ]);
  });

  it('are read by their lines from one variable, where there is something in it', () => {
    const from = (several: string) =>
      readBuildSecrets({ variables: ['key=NPM'], files: [], several }, places);
    expect(from('SEVERAL')).toEqual([
      { id: 'key', kind: 'value', value: 'the secret' },
      { id: 'npm', kind: 'value', value: 'the=secret ' },
      { id: 'pip', kind: 'value', value: 'x' },
    ]);
    expect(from('EMPTY')).toHaveLength(1);
    expect(from('UNSET')).toHaveLength(1);
    const mistake = (several: string, variables: string[] = []) => {
      try {
        return readBuildSecrets({ variables, files: [], several }, places);
      } catch (cause) {
        return cause instanceof Failure ? cause.details : cause;
      }
    };
    expect(mistake('WRONG')).toEqual(['line 1 of WRONG is not ID=VALUE']);
    expect(mistake('SEVERAL', ['npm=NPM'])).toEqual(['npm is given twice']);
    expect(mistake('AWS_SECRET_ACCESS_KEY')).toEqual([expect.stringContaining('of the runner')]);
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
      readBuildSecrets({ variables, files }, places);
    } catch (cause) {
      thrown = cause;
    }
    expect(thrown).toMatchObject({ code: 'BUILD_SECRET_INVALID', details: [expect.any(String)] });
    expect(String(thrown)).not.toMatch(/the secret/);
  });
});
