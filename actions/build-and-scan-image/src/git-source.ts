import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Source } from './ports.ts';

const exec = promisify(execFile);

/** The commit of a git work tree, by the git program; `unknown` without either. */
export function gitSource(workspace: string, path: string | undefined): Source {
  return {
    commit: async () => {
      try {
        // The runner may own the folder as another user; nothing of the repository's own settings is run by `log`.
        const { stdout } = await exec(
          'git',
          [
            '-c',
            `safe.directory=${workspace}`,
            '-C',
            workspace,
            'log',
            '-1',
            '--no-show-signature',
            '--format=%H %ct',
          ],
          { env: { ...(path === undefined ? {} : { PATH: path }), GIT_CONFIG_NOSYSTEM: '1' } },
        );
        const [sha = '', seconds = ''] = stdout.trim().split(' ');
        return /^[0-9a-f]{40,64}$/.test(sha) ? { sha, seconds: Number(seconds) } : 'unknown';
      } catch {
        return 'unknown';
      }
    },
  };
}
