import { many, type PolicyDocument, type Statement, statementsOf } from '../policy/document.ts';

/** Condition keys that narrow who is let in, where their values are fixed ("The meaning of public", Amazon S3 user guide). */
const NARROWING =
  /^(aws:(principalorgid|principalorgpaths|sourceip|sourcevpc|sourcevpce|sourceaccount|sourcearn|sourceowner|userid|principalarn|principalaccount|sourceorgid|sourceorgpaths|viaawsservice)|s3:(dataaccesspointarn|dataaccesspointaccount))$/i;

/** Whether a bucket policy lets in people whom nobody named. */
export function isPublic(policy: PolicyDocument): boolean {
  return statementsOf(policy).some(
    (statement) => statement.Effect === 'Allow' && namesEverybody(statement) && !isNarrowed(statement),
  );
}

function namesEverybody({ Principal, NotPrincipal }: Statement): boolean {
  if (NotPrincipal !== undefined || Principal === '*') return true;
  return Object.values(Principal ?? {}).some((named) => many(named).includes('*'));
}

function isNarrowed({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      !/Not|Null/.test(operator) &&
      Object.entries(keys).some(
        ([key, values]) => NARROWING.test(key) && many(values).every((value) => !isOpen(String(value))),
      ),
  );
}

/** A range of all addresses, or a value that begins with a wildcard. */
function isOpen(value: string): boolean {
  return value.startsWith('*') || value.includes('${') || /\/0$/.test(value);
}
