import type {
  DeleteUserPolicyCommandInput,
  GetUserCommandInput,
  GetUserCommandOutput,
  GetUserPolicyCommandInput,
  GetUserPolicyCommandOutput,
  ListUserPoliciesCommandInput,
  ListUserPoliciesCommandOutput,
  ListUsersCommandInput,
  ListUsersCommandOutput,
  ListUserTagsCommandInput,
  ListUserTagsCommandOutput,
  PutUserPolicyCommandInput,
  TagUserCommandInput,
  UntagUserCommandInput,
} from '@aws-sdk/client-iam';
import { exceeded } from '../policy/quotas.ts';
import type { Output } from '../services/output.ts';
import { AwsError, type Call, type Handler } from '../world/service.ts';
import { page } from './page.ts';
import { documentOf, merged, policyNamed, tagList } from './policies.ts';
import { findUser, type User, usersOf } from './users.ts';

/** Users, their tags and their inline policies. */
export const userOperations: Readonly<Record<string, Handler>> = {
  GetUser: ({ UserName }: GetUserCommandInput, call): Output<GetUserCommandOutput> => {
    const user = findUser(call, UserName);
    return { User: { ...describe(user), Tags: tagList(user.tags) } };
  },
  ListUsers: (
    { PathPrefix = '/', ...asked }: ListUsersCommandInput,
    call,
  ): Output<ListUsersCommandOutput> => {
    const all = Object.values(usersOf(call.world, call.account)).filter(({ path }) =>
      path.startsWith(PathPrefix),
    );
    const { items, rest } = page(all, asked);
    return { Users: items.map(describe), ...rest };
  },
  ListUserTags: (
    { UserName, ...asked }: ListUserTagsCommandInput,
    call,
  ): Output<ListUserTagsCommandOutput> => {
    const { items, rest } = page(tagList(findUser(call, UserName).tags), asked);
    return { Tags: items, ...rest };
  },
  TagUser: ({ UserName, Tags = [] }: TagUserCommandInput, call) => {
    const user = findUser(call, UserName);
    user.tags = { ...merged(user.tags, Tags) };
    return done(call);
  },
  UntagUser: ({ UserName, TagKeys = [] }: UntagUserCommandInput, call) => {
    const user = findUser(call, UserName);
    for (const key of TagKeys) delete user.tags[key];
    return done(call);
  },
  PutUserPolicy: ({ UserName, PolicyName = '', PolicyDocument = '' }: PutUserPolicyCommandInput, call) => {
    const user = findUser(call, UserName);
    const document = documentOf(PolicyDocument);
    const all = { ...user.policies, [PolicyName]: document };
    const over = exceeded('inline policies of user', Object.values(all));
    if (over)
      throw new AwsError(
        'LimitExceededException',
        `Maximum policy size of ${over.most} bytes exceeded for user ${user.name}`,
        409,
      );
    user.policies[PolicyName] = document;
    return done(call);
  },
  GetUserPolicy: (
    { UserName, PolicyName = '' }: GetUserPolicyCommandInput,
    call,
  ): Output<GetUserPolicyCommandOutput> => {
    const user = findUser(call, UserName);
    const document = policyNamed('user', user.policies, PolicyName);
    return {
      UserName: user.name,
      PolicyName,
      PolicyDocument: encodeURIComponent(JSON.stringify(document)),
    };
  },
  ListUserPolicies: (
    { UserName, ...asked }: ListUserPoliciesCommandInput,
    call,
  ): Output<ListUserPoliciesCommandOutput> => {
    const { items, rest } = page(Object.keys(findUser(call, UserName).policies), asked);
    return { PolicyNames: items, ...rest };
  },
  DeleteUserPolicy: ({ UserName, PolicyName = '' }: DeleteUserPolicyCommandInput, call) => {
    const user = findUser(call, UserName);
    policyNamed('user', user.policies, PolicyName);
    delete user.policies[PolicyName];
    return done(call);
  },
};

function describe({ name, path, arn, id, created }: User) {
  return { Path: path, UserName: name, UserId: id, Arn: arn, CreateDate: new Date(created) };
}

function done({ world }: Call): object {
  world.touched();
  return {};
}
