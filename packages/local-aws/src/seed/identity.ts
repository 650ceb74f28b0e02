import { type PolicyDocument, statementsOf } from '../policy/document.ts';
import { iamOf, putRole } from '../services/iam.ts';
import type { World } from '../world/world.ts';
import type { Place } from './place.ts';
import type { Templates } from './template.ts';

const DUTIES = ['read', 'build', 'gate', 'approve', 'deploy', 'evidence'] as const;

/** The roles that an environment has for the kinds of its credentials. */
const ROTATING = {
  rotate: ['iam-access-key', 'github-deploy-key', 'github-app-key'],
  'rotate-secret': ['secrets-manager', 'repository-credentials'],
  'rotate-registry': ['pull-through'],
  'rotate-vpn': ['vpn-psk'],
} as const;

type Seeded = (typeof DUTIES)[number] | keyof typeof ROTATING | 'access' | 'report';

interface RoleSettings {
  readonly Path: string;
  readonly MaxSessionDuration: number;
  readonly Tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** The account's OIDC provider, the roles of every duty and the roles that tasks run with. */
export function seedIdentity(world: World, place: Place, templates: Templates): void {
  const { account, partition, values } = place;
  const provider = templates('oidc-provider.json', values) as { Url: string; ClientIDList: string[] }; // our own file
  const host = provider.Url.replace('https://', '');
  iamOf(world, account).oidcProviders[host] = {
    arn: `arn:${partition}:iam::${account}:oidc-provider/${host}`,
    host,
    audiences: provider.ClientIDList,
  };
  const settings = templates('role.json', values) as RoleSettings; // our own file
  const common = {
    partition,
    maxSessionDuration: settings.MaxSessionDuration,
    tags: Object.fromEntries(settings.Tags.map(({ Key, Value }) => [Key, Value])),
  };
  const { breakGlass } = place.environment;
  const asAgreed = [
    ...(breakGlass ? (['access'] as const) : []),
    ...((place.environment.credentials ?? []).length > 0 ? (['report'] as const) : []),
  ];
  for (const duty of [...DUTIES, ...rotatingRoles(place), ...asAgreed])
    putRole(world, account, {
      ...common,
      name: `td-${place.name}-${duty}`,
      path: settings.Path,
      description: `${duty} of ${place.contract.id} ${place.name}`,
      trust: whole(trustsOf(duty, place).map((file) => policy(templates(`trust/${file}.json`, values)))),
      policies: Object.fromEntries(
        permissionsOf(duty, place).map((file) => [
          `td-${place.name}-${file}`,
          policy(templates(`permissions/${file}.json`, values)),
        ]),
      ),
    });
  if (breakGlass)
    putRole(world, account, {
      ...common,
      name: breakGlass.role,
      path: '/td/break-glass/',
      description: `for incidents of ${place.contract.id} ${place.name}`,
      permissionsBoundary: String(values['breakGlassBoundaryArn']),
      trust: policy(templates('trust/break-glass.json', values)),
      policies: {
        'td-break-glass': policy(templates('permissions/break-glass.json', values)),
        'td-grants': policy(templates('permissions/break-glass-closed.json', values)),
      },
    });
  for (const { family } of Object.values(place.environment.services))
    for (const kind of ['execution', 'task'] as const)
      putRole(world, account, {
        ...common,
        name: place.taskRole(family, kind).name,
        path: `${settings.Path}tasks/`,
        description: `${kind} role of ${family}`,
        trust: policy(templates('trust/tasks.json', values)),
        policies:
          kind === 'task'
            ? {}
            : {
                execution: policy(templates('permissions/execution.json', values)),
                secrets: readSecrets(place),
              },
      });
}

/** Of these an environment has those that its credentials need. */
export function rotatingRoles({ environment }: Place): readonly (keyof typeof ROTATING)[] {
  const kinds = (environment.credentials ?? []).map(({ kind }) => kind);
  const roles = Object.keys(ROTATING) as (keyof typeof ROTATING)[]; // its own keys
  return roles.filter((role) => ROTATING[role].some((kind) => kinds.includes(kind)));
}

/** The files with whom a role trusts. What tasks are given is brought to them as by a delivery, where a contract has such. */
function trustsOf(duty: Seeded, place: Place): readonly string[] {
  if (duty in ROTATING) return ['rotate'];
  const deploys = duty === 'deploy' && rotatingRoles(place).includes('rotate-secret');
  return deploys ? ['deploy', 'deploy-rotation'] : [duty];
}

/** One document with the statements of all. */
export function whole(documents: readonly PolicyDocument[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: documents.flatMap((each) => [...statementsOf(each)]) };
}

/** The files with a role's permissions. Some belong to a contract that asks for them. */
function permissionsOf(duty: Seeded, { environment }: Place): readonly string[] {
  // Approving is signing and recording: its key and the evidence role allow that, so it has no permissions.
  if (duty === 'approve') return [];
  const { createIfMissing, signingProfile } = environment.registry ?? {};
  return [
    duty,
    ...(duty === 'build' && createIfMissing ? ['build-create-repository'] : []),
    ...(duty === 'build' && signingProfile !== undefined ? ['build-managed-signing'] : []),
    ...(duty === 'rotate' ? ['rotate-leak'] : []),
    ...(duty === 'report' && environment.githubApp ? ['report-github'] : []),
    ...(duty === 'read' && environment.breakGlass ? ['read-break-glass'] : []),
  ];
}

/** What a service with secrets needs beside the template: the values below its environment's name. */
function readSecrets({ partition, account, region, name }: Place): PolicyDocument {
  const at = (service: string, resource: string) =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: at('secretsmanager', `secret:td/${name}/*`),
      },
      { Effect: 'Allow', Action: 'ssm:GetParameters', Resource: at('ssm', `parameter/td/${name}/*`) },
    ],
  };
}

export function policy(document: unknown): PolicyDocument {
  return document as PolicyDocument; // a file of templates/iam; a test evaluates each of them
}
