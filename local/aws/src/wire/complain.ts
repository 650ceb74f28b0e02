import { AwsError } from '../world/service.ts';
import type { Dialect } from './dialects.ts';
import type { Operation } from './model.ts';
import type { CommonErrors } from './protocol.ts';
import { memberNames } from './shape.ts';
import type { Problem } from './validate.ts';

/** What was asked, and of whom. */
interface Asked {
  readonly service: string;
  readonly operation: Operation;
  readonly dialect: Dialect;
  readonly common: CommonErrors;
}

/** What a service answers to a request that does not fit its model: the service's own code and words, every problem named. */
export function complain(problems: readonly Problem[], asked: Asked): AwsError {
  const { service, operation, dialect, common } = asked;
  const types = problems.filter(({ kind }) => kind === 'type').map((problem) => describe(problem, operation));
  if (types.length > 0 && dialect.protocol !== 'ec2' && !isArgument(service, problems))
    return new AwsError(common.malformed[0], types.join('; '), common.malformed[1]);
  const unknown = problems.filter(({ kind }) => kind === 'unknown').map(({ path }) => path);
  if (unknown.length > 0 && dialect.protocol.includes('json'))
    return new AwsError(
      'NotImplemented',
      `local-aws does not know ${unknown.join(', ')} of ${service}:${operation.name}. AWS passes over members that it does not know.`,
      501,
    );
  if (dialect.protocol === 'ec2') return inWordsOfEc2(problems, operation);
  if (service === 's3') return inWordsOfS3(problems);
  if (service === 'ecr') return inWordsOfEcr(problems, dialect);
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  const lines = problems.map((problem) => describe(problem, operation));
  return new AwsError(dialect.invalid, `${count}: ${lines.join('; ')}`, 400);
}

/** Whether what is wrong came to S3 in its address or in a header, and not in a body. */
function isArgument(service: string, [first]: readonly Problem[]): boolean {
  return service === 's3' && first?.path.includes('.') === false;
}

/** Arguments that S3 refuses with a code of their own ("Error responses"). */
const CODES_OF_ARGUMENTS: Readonly<Record<string, readonly [code: string, message: string]>> = {
  StorageClass: ['InvalidStorageClass', 'The storage class you specified is not valid'],
};

function describe(problem: Problem, operation: Operation): string {
  const at = placeOf(problem.path);
  switch (problem.kind) {
    case 'missing':
      return `Value null at '${at}' failed to satisfy constraint: Member must not be null`;
    case 'unknown':
      return `Unknown parameter '${problem.path}' in ${operation.name}, must be one of: ${memberNames(operation.input).join(', ')}`;
    case 'type':
      return `'${problem.path}' must be ${problem.expected}`;
    case 'constraint': {
      const value = problem.value === undefined ? '' : ` '${problem.value}'`;
      return `Value${value} at '${at}' failed to satisfy constraint: ${problem.constraint}`;
    }
  }
}

/** EC2 names the first problem alone, those of names before those of values. */
function inWordsOfEc2(problems: readonly Problem[], operation: Operation): AwsError {
  const order = ['unknown', 'missing', 'type', 'constraint'];
  const [first] = [...problems].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const parameter = lowerFirst(first?.path ?? '');
  switch (first?.kind) {
    case 'unknown':
      return new AwsError('UnknownParameter', describe(first, operation));
    case 'missing':
      return new AwsError('MissingParameter', `The request must contain the parameter ${parameter}`);
    case 'type':
      return new AwsError(
        'InvalidParameterValue',
        `Invalid value for parameter ${parameter}: it must be ${first.expected}`,
      );
    default: {
      const value = first?.value === undefined ? '' : `(${first.value}) `;
      return new AwsError(
        'InvalidParameterValue',
        `Value ${value}for parameter ${parameter} is invalid. ${first?.constraint}`,
      );
    }
  }
}

/** A mistake in a body makes the body malformed; any other is a wrong argument ("Error responses", Amazon S3 API reference). */
function inWordsOfS3([first]: readonly Problem[]): AwsError {
  if (first?.path.includes('.'))
    return new AwsError(
      'MalformedXML',
      `The XML you provided was not well-formed or did not validate against our published schema (${first.path})`,
    );
  const [code, message] = CODES_OF_ARGUMENTS[first?.path ?? ''] ?? [
    'InvalidArgument',
    `Invalid argument ${first?.path}`,
  ];
  return new AwsError(code, message, 400, {
    ArgumentName: first?.path ?? '',
  });
}

function inWordsOfEcr(problems: readonly Problem[], { invalid }: Dialect): AwsError {
  const lines = problems.map((problem) => {
    const constraint = problem.kind === 'constraint' ? problem.constraint : 'Member must not be null';
    return `Invalid parameter at '${placeOf(problem.path)}' failed to satisfy constraint: '${lowerFirst(constraint).replace(/^member must/, 'must')}'`;
  });
  return new AwsError(invalid, lines.join('; '));
}

/** `Tags[0].Key` as AWS's services write it: `tags.1.member.key`. */
function placeOf(path: string): string {
  return path
    .replace(/\[(\d+)\]/g, (_, index: string) => `.${Number(index) + 1}.member`)
    .split('.')
    .map(lowerFirst)
    .join('.');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
