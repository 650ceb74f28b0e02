import { services } from './services/index.ts';
import type { World } from './world/world.ts';

/** What somebody might believe of this AWS that is not so. Each is one sentence, beside what it is about. */
const LEFT_OUT = {
  networks: 'Networks carry no packets: routes and security groups hold nothing up.',
  kms: 'KMS signs, and encrypts nothing.',
  images: 'ECS pulls images and writes logs without asking for the execution role.',
  policies:
    'Policies of repositories, secrets, organisations and endpoints are not judged. Those of roles, users, buckets and keys are.',
  alarms: 'CloudWatch measures load balancers, and an alarm is in the state that somebody gives it.',
  backups:
    'AWS Backup backs up buckets alone, and carries out a plan when a test says that its schedule is due.',
  replication: 'S3 replicates whole buckets by one rule.',
  lifecycle: 'Lifecycle policies are previewed, and expire nothing.',
  hooks: 'Lambda hooks of deployments are refused.',
} as const;

const OF_RUNTIME: Readonly<Record<World['runtime'], string>> = {
  process: 'A task is a process of this machine: no container, no limit of memory or CPU.',
  docker: 'A task is containers of an engine: CPU is not limited, and VPCs have no walls between them.',
  simulated: 'A task is a script of states: nothing of the image runs.',
};

const PROMPT = 'Nothing is throttled or late. Set LOCAL_AWS_SEED=1 for AWS’s rates and delays.';
const SEEDED = 'Requests are throttled at AWS’s rates, and some reads are late. LOCAL_AWS_SEED is set.';

/** What this AWS does not do, a line each. */
export function leftOut(runtime: World['runtime'], seed = process.env['LOCAL_AWS_SEED']): readonly string[] {
  const operations = services.reduce((sum, service) => sum + Object.keys(service.operations).length, 0);
  return [
    `${operations} operations of ${services.length} services of AWS answer. Any other is refused by name.`,
    OF_RUNTIME[runtime],
    seed ? SEEDED : PROMPT,
    ...Object.values(LEFT_OUT),
  ];
}
