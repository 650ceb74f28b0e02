import { subjectPrefixOf } from '../../oidc/subject.ts';
import { bodyOf } from '../body.ts';
import { ok, type Reply, type RepositoryCall, type Route } from '../call.ts';
import { ApiError, unprocessable } from '../errors.ts';
import { read, write } from '../routes.ts';

const PATH = '/actions/oidc/customization/sub';

export const oidc: readonly Route[] = [
  read(['actions'], PATH, ({ repository }) => {
    const { useDefault, claimKeys, immutable } = repository.subject;
    return ok({
      use_default: useDefault,
      ...(useDefault ? {} : { include_claim_keys: claimKeys }),
      use_immutable_subject: immutable,
      sub_claim_prefix: subjectPrefixOf(repository),
    });
  }),
  write('PUT', ['actions'], PATH, customise, 'admin'),
];

function customise(call: RepositoryCall): Reply {
  const { repository } = call;
  const body = bodyOf(call, 'OidcCustomSub');
  const useDefault = body.optionalBoolean('use_default');
  if (useDefault === undefined) {
    throw unprocessable('Invalid request.', "use_default wasn't supplied.");
  }
  const keys = call.body['include_claim_keys'] ?? [];
  if (!Array.isArray(keys) || !keys.every(isClaimKey) || new Set(keys).size < keys.length) {
    throw new ApiError(400, 'include_claim_keys is an array of different names of claims.');
  }
  if (!useDefault && keys.length === 0) {
    throw new ApiError(400, 'include_claim_keys is needed where use_default is false.');
  }
  repository.subject = {
    useDefault,
    claimKeys: useDefault ? [] : keys,
    immutable: body.optionalBoolean('use_immutable_subject') ?? repository.subject.immutable,
  };
  return ok({}, 201);
}

function isClaimKey(value: unknown): value is string {
  return typeof value === 'string' && /^\w+$/.test(value);
}
