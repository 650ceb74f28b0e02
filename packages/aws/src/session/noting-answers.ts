import { NormalizedSchema } from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';
import type { FinalizeRequestMiddleware, Pluggable, StaticOperationSchema } from '@smithy/types';
import { nameOf, statusOf } from '../errors/translate.ts';
import { shapeOf } from './answer-shape.ts';
import { lineOf, type NotedAnswer } from './noted-answer.ts';

const OUTPUT = 5; // element of an operation's tuple

/**
 * Middleware that says of each try of a request how long it took and what its answer consisted of: names of members, of
 * errors and of types, and never a value. A shape that was told before is not told again.
 */
export function notingAnswers(say: (line: string) => void): Pluggable<object, object> {
  const told = new Set<string>();
  const note = ({ shape, ...answer }: NotedAnswer) => {
    const known = JSON.stringify([answer.service, answer.operation, shape]);
    say(lineOf({ ...answer, ...(shape !== undefined && !told.has(known) && { shape }) }));
    told.add(known);
  };
  const noting: FinalizeRequestMiddleware<object, object> = (next, context) => async (args) => {
    const { clientName = '', commandName = '' } = context;
    const service = clientName.replace(/Client$/, '');
    const operation = commandName.replace(/Command$/, '');
    const began = performance.now();
    const asked = () => ({ service, operation, ms: Math.round(performance.now() - began) });
    try {
      const result = await next(args);
      const { operationSchema } = getSmithyContext(context) as { operationSchema: StaticOperationSchema };
      note({ ...asked(), shape: shapeOf(NormalizedSchema.of(operationSchema[OUTPUT]), result.output) });
      return result;
    } catch (cause) {
      note({ ...asked(), error: nameOf(cause), status: statusOf(cause) });
      throw cause;
    }
  };
  return {
    applyToStack: (stack) =>
      stack.addRelativeTo(noting, {
        name: 'notingAnswers',
        relation: 'after',
        toMiddleware: 'retryMiddleware',
        override: true,
      }),
  };
}
