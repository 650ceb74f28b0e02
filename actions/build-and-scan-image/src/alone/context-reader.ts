import type { Reader } from '@tenant-delivery/action-kit/readers';

const GIT = /^([a-z+]+:\/\/|git@)|^github\.com\/|\.git(#|$)/i;
const DEFAULT = /^\{\{\s*defaultContext\s*\}\}:?/;

/**
 * A folder of the workspace. docker/build-push-action's default is the commit as GitHub has it; here that is the workspace,
 * with what earlier steps changed in it.
 */
export const contextFolder: Reader<string> = (given) => {
  const folder = given.replace(DEFAULT, '');
  if (GIT.test(folder))
    return {
      problem: `is ${JSON.stringify(given.slice(0, 80))}, an address of Git`,
      fix: 'check that repository out with actions/checkout in an earlier step, and give its folder: the builder gets no token with which to read it',
    };
  if (/[\p{Cc}]/u.test(folder) || folder === '-')
    return {
      problem: `is ${JSON.stringify(given.slice(0, 80))}`,
      fix: 'give a folder of the workspace, such as . or services/orders',
    };
  return { value: folder === '' ? '.' : folder };
};
