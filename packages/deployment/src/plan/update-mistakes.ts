import type { Mistake } from '@tenant-delivery/action-kit/document';
import type { Json } from '@tenant-delivery/domain';
import type { JsonObject } from '../json.ts';
import { pathIn, shapeMistakes, unknownMembers } from '../task-definition/shape-mistakes.ts';
import { isObject } from '../task-definition/task-definition.ts';

/** Members of UpdateServiceRequest that nobody sets by themselves, and what to do instead. */
const OWN: Readonly<Record<string, string>> = {
  cluster: 'is the place of the deploy; a deploy stays in it',
  service: 'is the place of the deploy; a deploy stays in it',
  taskDefinition: 'is what the deploy makes; change it by the other inputs',
  deploymentController: 'says who deploys; a deploy never hands a service over',
};

/** What a contract leaves to those who deliver; everything else of a service is the provider's. */
const DELIVERED: ReadonlySet<string> = new Set([
  'deploymentConfiguration',
  'healthCheckGracePeriodSeconds',
  'enableExecuteCommand',
]);

const STEPS = 'which way a deployment goes, and what it asks on that way, is agreed';

/** Members of the deployment configuration that a contract does not leave to a delivery, and why. */
const CONFIGURED: Readonly<Record<string, string>> = {
  strategy: STEPS, // another one would go past the hooks
  lifecycleHooks: STEPS,
  alarms: 'whether a failure shows is agreed: the alarms that end a deployment stay',
};

/** What is wrong with further members of an update, whatever service they are for. */
export function updateMistakes(asked: JsonObject, allowUnknown: readonly string[]): readonly Mistake[] {
  const own = Object.keys(asked).flatMap((path) => {
    const problem = Object.hasOwn(OWN, path) ? OWN[path] : undefined;
    return problem === undefined ? [] : [{ path, problem }];
  });
  const nothing = Object.entries(asked)
    .filter(([, value]) => value === null)
    .map(([path]) => ({
      path,
      problem: 'is null; leave it out to keep it, or write an empty list to clear it',
    }));
  const shapes = shapeMistakes('UpdateServiceRequest', asked, new Set(allowUnknown));
  return [...own, ...nothing, ...shapes.map(({ keys, problem }) => ({ path: pathIn(asked, keys), problem }))];
}

/** Members that the contract does not leave to a delivery. */
export function updateOutsideContract(asked: JsonObject): readonly Mistake[] {
  const foreign = Object.keys(asked)
    .filter((name) => !DELIVERED.has(name))
    .map((path) => ({
      path,
      problem: `is the provider's to set; a delivery may set ${[...DELIVERED].join(', ')}`,
    }));
  const unknown = unknownMembers('UpdateServiceRequest', asked)
    .filter(([member]) => DELIVERED.has(String(member)))
    .map((keys) => ({
      path: pathIn(asked, keys),
      problem: 'is not known to this release, so nobody agreed',
    }));
  const shell =
    asked['enableExecuteCommand'] === true
      ? [{ path: 'enableExecuteCommand', problem: 'is true; no shell is opened in tasks of a delivery' }]
      : [];
  return [...foreign, ...configuredOutside(asked['deploymentConfiguration']), ...unknown, ...shell];
}

function configuredOutside(configuration: Json | undefined): readonly Mistake[] {
  return Object.entries(CONFIGURED).flatMap(([member, why]) =>
    isObject(configuration) && Object.hasOwn(configuration, member)
      ? [{ path: `deploymentConfiguration.${member}`, problem: `is the provider's to set: ${why}` }]
      : [],
  );
}

/** A count that auto scaling would set again is refused, because it and the deploy would undo each other. */
export function updateAgainstScaling(asked: JsonObject, scaled: boolean): readonly Mistake[] {
  return scaled && asked['desiredCount'] !== undefined
    ? [
        {
          path: 'desiredCount',
          problem: 'is set by auto scaling; change the range of its scalable target instead',
        },
      ]
    : [];
}
