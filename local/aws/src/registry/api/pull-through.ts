import type {
  CreatePullThroughCacheRuleRequest,
  CreatePullThroughCacheRuleResponse,
  DeletePullThroughCacheRuleRequest,
  DescribePullThroughCacheRulesRequest,
  DescribePullThroughCacheRulesResponse,
  UpdatePullThroughCacheRuleRequest,
  UpdatePullThroughCacheRuleResponse,
  UpstreamRegistry,
  ValidatePullThroughCacheRuleRequest,
  ValidatePullThroughCacheRuleResponse,
} from '@aws-sdk/client-ecr';
import { CURRENT, labelled } from '../../secrets/labels.ts';
import { findSecret, secretsOf } from '../../secrets/state.ts';
import { withinQuota } from '../../world/quotas.ts';
import { AwsError, type Call, type Handler } from '../../world/service.ts';
import type { World } from '../../world/world.ts';
import { upstreamTakes } from '../upstream.ts';
import { ownRegistry, page } from './lookup.ts';

interface Rule {
  readonly prefix: string;
  readonly url: string;
  readonly upstream: UpstreamRegistry | undefined;
  readonly created: number;
  updated: number;
  credentialArn: string | undefined;
}

/** Registries that a rule may name, and whether ECR wants a credential for them ("Using pull through cache rules"). */
const UPSTREAMS: Readonly<Record<string, { readonly name: UpstreamRegistry; readonly login: boolean }>> = {
  'registry-1.docker.io': { name: 'docker-hub', login: true },
  'ghcr.io': { name: 'github-container-registry', login: true },
  'registry.gitlab.com': { name: 'gitlab-container-registry', login: true },
  'quay.io': { name: 'quay', login: false },
  'registry.k8s.io': { name: 'k8s', login: false },
  'public.ecr.aws': { name: 'ecr-public', login: false },
};
const SECRET_PREFIX = 'ecr-pullthroughcache/';

/** Rules by which images of other registries come through ECR, and the secrets that they sign in with. */
export const pullThroughOperations: Readonly<Record<string, Handler>> = {
  CreatePullThroughCacheRule: createRule,
  DescribePullThroughCacheRules: describeRules,
  UpdatePullThroughCacheRule: updateRule,
  ValidatePullThroughCacheRule: validateRule,
  DeletePullThroughCacheRule: ({ ecrRepositoryPrefix }: DeletePullThroughCacheRuleRequest, call) => {
    const { prefix } = findRule(call, ecrRepositoryPrefix);
    delete rulesOf(call.world, call.account, call.region)[prefix];
    call.world.touched();
    return { ecrRepositoryPrefix: prefix, registryId: call.account };
  },
};

function rulesOf(world: World, account: string, region: string): Record<string, Rule> {
  return world.state<Record<string, Rule>>('ecr-pull-through', account, region, () => ({}));
}

function createRule(
  input: CreatePullThroughCacheRuleRequest,
  call: Call,
): CreatePullThroughCacheRuleResponse {
  ownRegistry(call, input.registryId);
  const { ecrRepositoryPrefix: prefix = '', upstreamRegistryUrl: url = '', credentialArn } = input;
  const rules = rulesOf(call.world, call.account, call.region);
  const upstream = Object.hasOwn(UPSTREAMS, url) ? UPSTREAMS[url] : undefined;
  if (!upstream)
    throw new AwsError(
      'UnsupportedUpstreamRegistryException',
      `The upstream registry ${url} is not supported.`,
    );
  if (rules[prefix])
    throw new AwsError(
      'PullThroughCacheRuleAlreadyExistsException',
      `A pull through cache rule with ecrRepositoryPrefix '${prefix}' already exists.`,
    );
  if (upstream.login && credentialArn === undefined)
    throw new AwsError('InvalidParameterException', `The upstream registry ${url} needs a credentialArn.`);
  if (credentialArn !== undefined) credentialAt(call, credentialArn);
  withinQuota(call, 'pullThroughRules', Object.keys(rules).length);
  const now = call.world.clock.now();
  const rule = { prefix, url, upstream: upstream.name, created: now, updated: now, credentialArn };
  rules[prefix] = rule;
  call.world.touched();
  return {
    ecrRepositoryPrefix: prefix,
    upstreamRegistryUrl: url,
    createdAt: new Date(now),
    registryId: call.account,
    upstreamRegistry: upstream.name,
    ...(credentialArn === undefined ? {} : { credentialArn }),
  };
}

function describeRules(
  input: DescribePullThroughCacheRulesRequest,
  call: Call,
): DescribePullThroughCacheRulesResponse {
  ownRegistry(call, input.registryId);
  const rules = rulesOf(call.world, call.account, call.region);
  const asked = input.ecrRepositoryPrefixes ?? Object.keys(rules).sort();
  const { rows, nextToken } = page(
    asked.map((prefix) => findRule(call, prefix)),
    input.maxResults,
    input.nextToken,
  );
  return {
    pullThroughCacheRules: rows.map((rule) => ({
      ecrRepositoryPrefix: rule.prefix,
      upstreamRegistryUrl: rule.url,
      createdAt: new Date(rule.created),
      updatedAt: new Date(rule.updated),
      registryId: call.account,
      ...(rule.upstream === undefined ? {} : { upstreamRegistry: rule.upstream }),
      ...(rule.credentialArn === undefined ? {} : { credentialArn: rule.credentialArn }),
    })),
    ...(nextToken === undefined ? {} : { nextToken }),
  };
}

function updateRule(
  input: UpdatePullThroughCacheRuleRequest,
  call: Call,
): UpdatePullThroughCacheRuleResponse {
  ownRegistry(call, input.registryId);
  const rule = findRule(call, input.ecrRepositoryPrefix);
  if (input.credentialArn !== undefined) {
    credentialAt(call, input.credentialArn);
    rule.credentialArn = input.credentialArn;
  }
  rule.updated = call.world.clock.now();
  call.world.touched();
  return {
    ecrRepositoryPrefix: rule.prefix,
    registryId: call.account,
    updatedAt: new Date(rule.updated),
    ...(rule.credentialArn === undefined ? {} : { credentialArn: rule.credentialArn }),
  };
}

/** ECR reads the secret as it is now and signs in with it. What keeps it from that is told, not thrown. */
function validateRule(
  input: ValidatePullThroughCacheRuleRequest,
  call: Call,
): ValidatePullThroughCacheRuleResponse {
  ownRegistry(call, input.registryId);
  const rule = findRule(call, input.ecrRepositoryPrefix);
  const failure = rule.credentialArn === undefined ? undefined : refusalOf(call, rule, rule.credentialArn);
  return {
    ecrRepositoryPrefix: rule.prefix,
    registryId: call.account,
    upstreamRegistryUrl: rule.url,
    ...(rule.credentialArn === undefined ? {} : { credentialArn: rule.credentialArn }),
    isValid: failure === undefined,
    ...(failure === undefined ? {} : { failure }),
  };
}

function refusalOf(call: Call, rule: Rule, credentialArn: string): string | undefined {
  try {
    const { username, accessToken } = credentialAt(call, credentialArn);
    if (upstreamTakes(call.world, rule.url, username, accessToken)) return undefined;
    return `Unable to authenticate with the upstream registry ${rule.url}: the credentials were refused.`;
  } catch (thrown) {
    if (thrown instanceof AwsError) return thrown.message;
    throw thrown;
  }
}

function credentialAt(
  { world, account, region }: Call,
  arn: string,
): { readonly username: string; readonly accessToken: string } {
  const secret = findSecret(secretsOf(world, account, region), arn);
  if (!secret || secret.deletedAt !== undefined || !secret.name.startsWith(SECRET_PREFIX))
    throw new AwsError(
      'SecretNotFoundException',
      `The ARN of the secret specified in the pull through cache rule was not found: ${arn}. Its name must begin with ${SECRET_PREFIX}.`,
    );
  const value = secret.versions[labelled(secret, CURRENT) ?? '']?.value;
  try {
    const { username, accessToken }: { readonly username?: unknown; readonly accessToken?: unknown } = Object(
      JSON.parse(value ?? ''),
    );
    if (typeof username === 'string' && typeof accessToken === 'string') return { username, accessToken };
  } catch {
    // no JSON: told below
  }
  throw new AwsError(
    'UnableToDecryptSecretValueException',
    `The secret ${arn} must be JSON with the keys username and accessToken.`,
  );
}

function findRule({ world, account, region }: Call, prefix: string | undefined): Rule {
  const rules = rulesOf(world, account, region);
  const found = prefix !== undefined && Object.hasOwn(rules, prefix) ? rules[prefix] : undefined;
  if (found) return found;
  throw new AwsError(
    'PullThroughCacheRuleNotFoundException',
    `The pull through cache rule with ecrRepositoryPrefix '${prefix}' does not exist in the registry with id '${account}'`,
  );
}
