import { type Activity, noticeMoves } from '../../world/activity.ts';
import { timeOf, type World } from '../../world/world.ts';
import type { Reply, RepositoryCall, Route } from '../call.ts';
import { unprocessable } from '../errors.ts';
import { windowOf } from '../page.ts';
import { read } from '../routes.ts';
import { nodeId } from '../show/node-id.ts';
import { showUser } from '../show/user.ts';

const DAY = 86_400_000;
const PERIODS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30, quarter: 90, year: 365 };
const FULL = 'refs/heads/';

/** How branches moved, the newest first. Pages are told apart by cursors; there is no page number. */
export const activity: readonly Route[] = [read(['contents'], '/activity', list)];

async function list(call: RepositoryCall): Promise<Reply> {
  const { world, repository, query } = call;
  await noticeMoves(world, repository);
  const ref = query.get('ref');
  const full = ref === null || ref.startsWith(FULL) ? ref : `${FULL}${ref}`;
  const period = PERIODS[query.get('time_period') ?? ''];
  const actor = query.get('actor')?.toLowerCase();
  const type = query.get('activity_type');
  const found = repository.activities
    .filter((each) => full === null || each.ref === full)
    .filter((each) => period === undefined || each.at >= world.clock.now() - period * DAY)
    .filter((each) => actor === undefined || each.actor?.login.toLowerCase() === actor)
    .filter((each) => type === null || each.type === type);
  const ordered = query.get('direction') === 'asc' ? found : found.toReversed();
  const { size } = windowOf(call);
  const last = placeOf(ordered, query.get('after'));
  const next = placeOf(ordered, query.get('before'));
  const from = last === undefined ? Math.max(0, (next ?? 0) - size) : last + 1;
  const shown = ordered.slice(from, next ?? from + size);
  const links = [
    ...(from + shown.length < ordered.length ? [link(call, 'after', shown.at(-1), 'next')] : []),
    ...(from > 0 ? [link(call, 'before', shown[0], 'prev')] : []),
  ];
  return {
    status: 200,
    body: shown.map((each) => show(world, each)),
    ...(links.length > 0 ? { headers: { link: links.join(', ') } } : {}),
  };
}

function placeOf(ordered: readonly Activity[], cursor: string | null): number | undefined {
  if (cursor === null) return undefined;
  const place = ordered.findIndex((each) => cursorOf(each) === cursor);
  if (place < 0) throw unprocessable('Validation Failed', 'The cursor is not known.');
  return place;
}

function cursorOf(activity: Activity | undefined): string {
  return Buffer.from(`activity:${activity?.id}`).toString('base64');
}

function link(
  { world, path, query }: RepositoryCall,
  way: string,
  at: Activity | undefined,
  relation: string,
) {
  const target = new URL(`${world.url}/api/v3${path}`);
  for (const [name, value] of query)
    if (name !== 'after' && name !== 'before') target.searchParams.set(name, value);
  target.searchParams.set(way, cursorOf(at));
  return `<${target.href}>; rel="${relation}"`;
}

function show(world: World, { id, before, after, ref, type, actor, at }: Activity) {
  return {
    id,
    node_id: nodeId('PSH', id),
    before,
    after,
    ref,
    timestamp: timeOf(world, at),
    activity_type: type,
    actor: actor && showUser(world, actor),
  };
}
