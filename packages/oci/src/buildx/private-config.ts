import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RegistryLogin } from '../registry/port.ts';

/**
 * A Docker configuration for this build alone. Nobody else can read it, and it is removed when `use` ends: no login of ours
 * stays on the runner, and no other login is used.
 */
export async function withPrivateConfig<T>(
  temp: string,
  login: RegistryLogin | undefined,
  plugins: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(temp, 'td-docker-'));
  try {
    chmodSync(folder, 0o700);
    const auths = login && {
      [login.host]: { auth: Buffer.from(`${login.username}:${login.password}`).toString('base64') },
    };
    const config = { ...(auths ? { auths } : {}), cliPluginsExtraDirs: [plugins] };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config), { mode: 0o600 });
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
