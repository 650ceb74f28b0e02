import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logins } from './logins.ts';

/**
 * A Docker configuration for this build alone. Nobody else can read it, and it is removed when `use` ends: no login of ours
 * stays on the runner, and no login is used that is not given.
 */
export async function withPrivateConfig<T>(
  temp: string,
  auths: Logins,
  plugins: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(temp, 'td-docker-'));
  try {
    chmodSync(folder, 0o700);
    const config = { ...(Object.keys(auths).length > 0 && { auths }), cliPluginsExtraDirs: [plugins] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
