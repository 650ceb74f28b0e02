import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { type DockerEngine, EngineError } from './docker-engine.ts';

/** On every container and network that a world makes; its value is the world's name. */
export const LABEL = 'tenant-delivery.local-aws';
/** Images can't be given a label without becoming others: theirs is their name, `local-aws/WORLD:DIGEST`. */
const IMAGES = 'local-aws/';

const machine = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Worlds of this process that still run. */
const living = new Set<string>();

/** A name for what one world owns at an engine. It says which process of which machine made it. */
export function beginBelongings(): string {
  const world = `${machine}-${process.pid}-${randomBytes(4).toString('hex')}`;
  living.add(world);
  return world;
}

/** What this process has at engines now. */
export const worldsHere = (): readonly string[] => [...living];

export const imageName = (world: string, digest: string) => `${IMAGES}${world}:${digest.replace(/^.*:/, '')}`;

/** Removes everything that a world has at the engine: its containers first, since they hold the rest. */
export async function endBelongings(engine: DockerEngine, world: string): Promise<void> {
  living.delete(world);
  await remove(engine, (owner) => owner === world);
}

/** Removes what processes of this machine left that ended without closing their worlds. */
export async function sweepLeftovers(engine: DockerEngine): Promise<void> {
  await remove(engine, isLeftOver);
}

function isLeftOver(world: string): boolean {
  const [on, pid] = world.split('-');
  if (on !== machine || !/^\d+$/.test(pid ?? '')) return false;
  return Number(pid) === process.pid ? !living.has(world) : !isRunning(Number(pid));
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return Reflect.get(Object(cause), 'code') === 'EPERM'; // it runs, as somebody else
  }
}

async function remove(engine: DockerEngine, owned: (world: string) => boolean): Promise<void> {
  const labelled = filter({ label: [LABEL] });
  const ours = (found: unknown) =>
    recordsIn(found).filter((one) => owned(String(Reflect.get(Object(one['Labels']), LABEL) ?? '')));
  const containers = ours(await engine.call('GET', `/containers/json?all=1&${labelled}`));
  await Promise.all(containers.map(({ Id }) => gone(engine.call('DELETE', `/containers/${Id}?force=1&v=1`))));
  const networks = ours(await engine.call('GET', `/networks?${labelled}`));
  await Promise.all(networks.map(({ Id }) => gone(engine.call('DELETE', `/networks/${Id}`))));
  const images = recordsIn(await engine.call('GET', `/images/json?${filter({ reference: [`${IMAGES}*`] })}`));
  const names = images.flatMap(({ RepoTags }) => (Array.isArray(RepoTags) ? RepoTags.map(String) : []));
  const owner = (name: string) => name.slice(IMAGES.length).split(':')[0] ?? '';
  for (const name of names.filter((one) => one.startsWith(IMAGES) && owned(owner(one))))
    await gone(engine.call('DELETE', `/images/${name}?force=1`));
}

const filter = (by: Readonly<Record<string, readonly string[]>>) =>
  `filters=${encodeURIComponent(JSON.stringify(by))}`;

function recordsIn(found: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(found) ? found.map((one) => ({ ...Object(one) })) : [];
}

/** Somebody else may have removed it first, or be about to. */
async function gone(removal: Promise<unknown>): Promise<void> {
  await removal.catch((cause: unknown) => {
    if (!(cause instanceof EngineError) || ![404, 409].includes(cause.status)) throw cause;
  });
}
