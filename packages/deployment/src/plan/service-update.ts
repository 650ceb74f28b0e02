import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { Service } from '../observed.ts';
import { HIDDEN } from '../task-definition/diff.ts';
import { mergePatch } from '../task-definition/merge-patch.ts';
import { isObject } from '../task-definition/task-definition.ts';

/** What an update would change of a service beside its task definition. */
export interface ServiceChanges {
  /** What UpdateService is to say, by its own names: only members that were asked for and differ from what is there. */
  readonly members: JsonObject;
  readonly changes: readonly ServiceChange[];
}

export interface ServiceChange {
  /** `deploymentConfiguration.maximumPercent`. */
  readonly path: string;
  /** `null` where the service has none. */
  readonly from: string | null;
  readonly to: string | null;
}

/** Members that ECS describes with the PRIMARY deployment and not with the service. */
const OF_THE_ROLLOUT: ReadonlySet<string> = new Set([
  'serviceConnectConfiguration',
  'volumeConfigurations',
  'vpcLatticeConfigurations',
]);

/** What a service has where it is described without the member ("UpdateService", Amazon ECS API Reference). */
const DEFAULTS: JsonObject = {
  enableECSManagedTags: false,
  enableExecuteCommand: false,
  forceNewDeployment: false,
  healthCheckGracePeriodSeconds: 0,
  propagateTags: 'NONE',
};

/** Lists in which ECS keeps no order. */
const UNORDERED: ReadonlySet<string> = new Set(['subnets', 'securityGroups', 'alarmNames']);

/**
 * What of `asked` differs from the service, and so goes out. `deploymentConfiguration` is merged with the current one,
 * because ECS replaces it whole; a `null` in it takes a member out. An empty list is sent where it was asked for and clears.
 */
export function serviceChanges(asked: JsonObject, service: Pick<Service, 'document'>): ServiceChanges {
  const members = Object.entries(asked).flatMap(([name, wish]) => {
    const now = currentOf(name, service.document);
    const wanted = name === 'deploymentConfiguration' ? mergePatch(now, wish) : wish;
    return wish === null || sameText(name, now) === sameText(name, wanted) ? [] : [{ name, now, wanted }];
  });
  return {
    members: Object.fromEntries(members.map(({ name, wanted }) => [name, wanted])),
    changes: members.flatMap(({ name, now, wanted }) => differences([name], now, wanted)),
  };
}

/** The deployment configuration that the service has once the members were sent. */
export function deploymentConfigurationAfter(
  { members }: Pick<ServiceChanges, 'members'>,
  { document }: Pick<Service, 'document'>,
): JsonObject {
  const after = members['deploymentConfiguration'] ?? document['deploymentConfiguration'];
  return isObject(after) ? after : {};
}

function currentOf(name: string, document: JsonObject): Json | undefined {
  const of = OF_THE_ROLLOUT.has(name) ? primaryOf(document) : document;
  return of[name] ?? DEFAULTS[name];
}

function primaryOf({ deployments }: JsonObject): JsonObject {
  const all = Array.isArray(deployments) ? deployments.filter(isObject) : [];
  return all.find(({ status }) => status === 'PRIMARY') ?? {};
}

/** One text for values that mean the same: nothing there, an empty list and an empty object are nothing. */
function sameText(name: string, value: Json | undefined): string {
  return canonicalJson(meaning(name, value) ?? null);
}

function meaning(name: string, value: Json | undefined): Json | undefined {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const entries = value.map((entry: Json) => meaning('', entry) ?? null);
    if (entries.length === 0) return undefined;
    return UNORDERED.has(name)
      ? entries.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))
      : entries;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([member, inner]) => {
    const said = meaning(member, inner);
    return said === undefined ? [] : [[member, said] as const];
  });
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

function differences(path: readonly string[], from: Json | undefined, to: Json | undefined): ServiceChange[] {
  const name = path.at(-1) ?? '';
  if (sameText(name, from) === sameText(name, to)) return [];
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])].sort();
    return names.flatMap((member) => differences([...path, member], from[member], to[member]));
  }
  return [{ path: path.join('.'), from: shown(path, from), to: shown(path, to) }];
}

/** Options of a log driver may hold a token; they are shown as changed and never printed. */
function shown(path: readonly string[], value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (path.includes('options') || canonicalJson(value).includes('"options":')) return HIDDEN;
  return typeof value === 'string' ? value : canonicalJson(value);
}
