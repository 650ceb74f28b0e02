/**
 * Suites of `tests/adapters` that moto is not asked, and why. Those of `packages/aws/test` give scripted answers, so there is
 * no double in them.
 */
export const HERE_ALONE: Readonly<Record<string, string>> = {
  'aws-through-a-proxy': 'it is about the way to AWS, and what a proxy does to it',
  builders: 'moto has no registry that an image can be pushed to',
  'contract-complete': 'it compares a rendered tenant with what its actions ask for, under its own roles',
  'contract-key-in-kms': 'moto hashes a digest again before it signs',
  'deployment-adapters': 'moto has no service deployments and starts no tasks',
  'ecr-registry': 'moto has no registry that an image can be pushed to',
  'existing-resources': 'moto has no Cloud Control API and imports nothing into a stack',
  inspections: 'moto scans nothing, and has no Inspector findings',
  'lifecycle-rules': 'moto has no preview of a lifecycle policy',
  'preflight-adapters': 'it is about denials, faults and throttling, which moto does not have',
  'probe-inside': 'moto runs no task',
  session: 'moto takes any web identity and any credentials',
  stacks:
    'what is read of stacks is in the suites. Events of a stack of moto carry no ClientRequestToken, and its change sets no template',
  'system-secret': 'moto has no CloudTrail events',
  'task-definition-mistakes': 'moto refuses few of them',
  vault: 'what is left there is about faults, regions and owners. Its promises are in the suites',
  'verify-adapters': 'it is about metrics, alarms that change, and the role of a job',
};
