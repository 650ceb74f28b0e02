import { serveActionHosts } from '@tenant-delivery/local-platform/action-hosts';
import { HOSTS } from '@tenant-delivery/local-platform/warm-actions';
import { hosts } from './end-hosts.ts';

/** Before all suites: hosts of actions that each of them finds. */
export default async function shareHosts(): Promise<void> {
  const served = await serveActionHosts();
  hosts.served = served;
  process.env[HOSTS] = served.path;
}
