import { addUser } from '../../world/user.ts';
import { timeOf, type World } from '../../world/world.ts';
import { nodeId } from './node-id.ts';
import { showUser } from './user.ts';

/** The GitHub App behind every job's `GITHUB_TOKEN`; its id is GitHub's. */
export function showActionsApp(world: World) {
  return {
    id: 15_368,
    slug: 'github-actions',
    node_id: nodeId('Integration', 15_368),
    owner: showUser(world, addUser(world, { login: 'github', id: 9_919, type: 'Organization' })),
    name: 'GitHub Actions',
    description: 'Automate your workflow from idea to production',
    external_url: `${world.url}/features/actions`,
    html_url: `${world.url}/apps/github-actions`,
    created_at: timeOf(world, 0),
    updated_at: timeOf(world, 0),
    permissions: {},
    events: [],
  };
}
