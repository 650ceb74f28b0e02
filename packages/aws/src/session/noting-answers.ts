import { NormalizedSchema } from '@smithy/core/schema';
import { getSmithyContext } from '@smithy/core/transport';
import type { FinalizeRequestMiddleware, Pluggable, StaticOperationSchema } from '@smithy/types';
import { nameOf, statusOf } from '../errors/translate.ts';
import { shapeOf } from './answer-shape.ts';
import { dateOf } from './hearing-dates.ts';
import { lineOf, type NotedAnswer } from './noted-answer.ts';

const OUTPUT = 5; // element of an operation's tuple

/**
 * Middleware that says of each try of a request how long it took and what its answer consisted of: names of members, of
 * errors and of types, and never a value. A shape that was told before is not told again.
 */
export function notingAnswers(say: (line: string) => void, scale = 1): Pluggable<object, object> {
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
    const asked = () => {
      const ended = performance.now();
      return { service, operation, ms: Math.round(ended - began), at: Math.round(ended * scale) };
    };
    try {
      const result = await next(args);
      const { operationSchema } = getSmithyContext(context) as { operationSchema: StaticOperationSchema };
      note({
        ...asked(),
        ...aheadBy(result.response),
        shape: shapeOf(NormalizedSchema.of(operationSchema[OUTPUT]), result.output),
      });
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

/** Absent where there is no such header. */
function aheadBy(response: unknown): Pick<NotedAnswer, 'ahead'> {
  const ahead = Date.parse(dateOf(response)) - Date.now();
  return Number.isNaN(ahead) ? {} : { ahead };
}
