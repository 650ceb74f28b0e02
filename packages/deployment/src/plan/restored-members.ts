import { canonicalJson, type Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import type { ServiceRevision } from '../observed.ts';
import { isObject } from '../task-definition/task-definition.ts';

/**
 * What a service revision fixes beside its task definition and UpdateService can set: how it is cleared where the
 * earlier revision had none, `undefined` where it cannot be. A test holds the names to the SDK's model.
 */
const RESTORED: ReadonlyMap<string, Json | undefined> = new Map<string, Json | undefined>([
  ['capacityProviderStrategy', []], // back to the launch type
  ['gatewayConnectors', []],
  ['loadBalancers', []],
  ['monitoring', undefined],
  ['networkConfiguration', undefined],
  ['serviceConnectConfiguration', { enabled: false }],
  ['serviceRegistries', []],
  ['volumeConfigurations', []],
  ['vpcLatticeConfigurations', []],
]);

/** A revision says what LATEST was when it was made; to send that would pin a service that follows LATEST; assumes ecs-omitted-platform-version. */
const NOT_RESTORED = ['platformVersion'] as const;

export interface Restored {
  /** For the one UpdateService, by its own names: what differs, as it was. Never a count. */
  readonly members: JsonObject;
  /** What differs and stays as it is now. */
  readonly kept: readonly string[];
}

/** What a service needs beside an earlier task definition to be as it was with an earlier service revision. */
export function restoredMembers(
  current: Pick<ServiceRevision, 'document'>,
  target: Pick<ServiceRevision, 'document'>,
): Restored {
  const differs = (name: string) => textOf(current.document[name]) !== textOf(target.document[name]);
  const wanted = [...RESTORED]
    .filter(([name]) => differs(name))
    .map(([name, cleared]) => [name, target.document[name] ?? cleared] as const);
  const members = Object.fromEntries(
    wanted.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  );
  return {
    // ECS takes another strategy for capacity only with a new deployment ("UpdateService", capacityProviderStrategy).
    members: 'capacityProviderStrategy' in members ? { ...members, forceNewDeployment: true } : members,
    kept: [
      ...wanted.flatMap(([name, value]) => (value === undefined ? [name] : [])),
      ...NOT_RESTORED.filter(differs),
    ],
  };
}

/** Every name that `restoredMembers` looks at. */
export const REVISION_MEMBERS: readonly string[] = [...RESTORED.keys(), ...NOT_RESTORED];

/** One text for values that mean the same: no list of a service revision has an order. */
function textOf(value: Json | undefined): string {
  return canonicalJson(unordered(value ?? null));
}

function unordered(value: Json): Json {
  if (Array.isArray(value)) {
    const entries = value.map((entry: Json) => unordered(entry));
    return entries.length === 0
      ? null
      : entries.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    const said = unordered(member);
    return said === null ? [] : [[name, said] as const];
  });
  return members.length === 0 ? null : Object.fromEntries(members);
}
