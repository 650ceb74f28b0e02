import { AwsError } from '../world/service.ts';
import type { Dialect } from './dialects.ts';
import type { Operation } from './model.ts';
import type { CommonErrors } from './protocol.ts';
import { memberNames } from './shape.ts';
import type { Problem } from './validate.ts';

/** What a service answers to a request that does not fit its schema: the service's own code, every problem named. */
export function complain(
  problems: readonly Problem[],
  operation: Operation,
  dialect: Dialect,
  common: CommonErrors,
): AwsError {
  const lines = problems.map((problem) => describe(problem, operation));
  const onlyTypes = problems.every(({ kind }) => kind === 'type');
  if (onlyTypes) return new AwsError(common.malformed[0], lines.join('; '), common.malformed[1]);
  if (dialect.protocol === 'ec2') return new AwsError(ec2Code(problems), lines.join('; '), 400);
  const count = `${problems.length} validation error${problems.length === 1 ? '' : 's'} detected`;
  return new AwsError(dialect.invalid, `${count}: ${lines.join('; ')}`, 400);
}

function describe(problem: Problem, operation: Operation): string {
  switch (problem.kind) {
    case 'missing':
      return `Value null at '${lowerFirst(problem.path)}' failed to satisfy constraint: Member must not be null`;
    case 'unknown':
      return `Unknown parameter '${problem.path}' in ${operation.name}, must be one of: ${memberNames(operation.input).join(', ')}`;
    case 'type':
      return `'${problem.path}' must be ${problem.expected}`;
  }
}

function ec2Code(problems: readonly Problem[]): string {
  return problems.some(({ kind }) => kind === 'unknown') ? 'UnknownParameter' : 'MissingParameter';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
