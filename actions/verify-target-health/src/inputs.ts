import { inputsOf, readWay } from '@tenant-delivery/action-kit/input-ways';
import {
  type Given,
  integer,
  lines,
  oneOf,
  optional,
  type Reader,
  text,
} from '@tenant-delivery/action-kit/readers';
import type { Runner } from '@tenant-delivery/action-kit/runner';
import { targetInputs } from '@tenant-delivery/delivery/inputs';
import { bakeEnd } from '@tenant-delivery/deployment/health/judge-bake';
import { ACCOUNT, CHANGE_ID, REGION } from '@tenant-delivery/domain';
import { isStatusRange, PROBE_PATH } from '@tenant-delivery/tenancy/probe-wish';
import { termsOfInputs } from './bake/bake-inputs.ts';
import { probeImageMistakes, probeMistakes } from './probe/probe-inputs.ts';

const IMAGE = /^[a-z0-9][\w.:/-]{0,400}@sha256:[0-9a-f]{64}$/;
const NAME = /^[A-Za-z0-9_-]{1,255}$/;

const common = {
  contract: oneOf('signed', 'none'),
  'timeout-minutes': integer(1, 120),
  'wait-minutes': integer(0, 60),
  probe: optional(text('a path such as /healthz, without a query', PROBE_PATH)),
  'probe-status': optional(statusRange),
  'probe-seconds': optional(integer(1, 30)),
};

/** Of a service of a contract: everything else is in the record. */
const agreed = {
  ...common,
  ...targetInputs,
  change: text(
    'the id of a change, chg_ and 26 letters and digits, as its run shows it, or baking',
    new RegExp(`${CHANGE_ID.source}|^baking$`),
  ),
  report: optional(text('the `report` output of deploy-ecs-service', /^sha256:[0-9a-f]{64}$/)),
};

/** Of a service without a contract: its workflow says what must be true of it. */
const alone = {
  ...common,
  cluster: text('the name of the ECS cluster', NAME),
  service: text('the name of the ECS service', NAME),
  account: optional(text('the AWS account id, 12 digits in quotes', ACCOUNT)),
  region: optional(text('the AWS region, such as eu-west-1', REGION)),
  image: each('the digest of an image, one a line', /^sha256:[0-9a-f]{64}$/),
  zones: each('the name of a zone such as eu-west-1a, one a line', /^[a-z]{2,4}(-[a-z]+)+-\d[a-z]$/),
  alarms: each('the name of a CloudWatch alarm, one a line', /^[\x20-\x7e]{1,255}$/),
  'bake-minutes': optional(integer(1, 1440)),
  'bake-samples': optional(integer(1, 1440)),
  'slo-error-percent': optional(number(0, 100)),
  'slo-p95-milliseconds': optional(integer(1, 600_000)),
  'probe-image': optional(text('an image by its digest, REPOSITORY@sha256:…', IMAGE)),
};

/** Every input: what is required depends on `contract`. */
export const inputs = inputsOf(common, agreed, alone);

export type AgreedInputs = Given<typeof agreed>;
export type AloneInputs = Given<typeof alone>;
export type VerifyRequest =
  | { readonly kind: 'agreed'; readonly given: AgreedInputs }
  | { readonly kind: 'alone'; readonly given: AloneInputs };

/** Reads the inputs of the way that `contract` names; one of the other way is a mistake. */
export function readVerifyInputs(runner: Runner): VerifyRequest {
  return runner.input('contract') === 'none'
    ? {
        kind: 'alone',
        given: readWay(runner, inputs, {
          way: alone,
          others: 'a service of a contract',
          further: (given) => [...tooLong(given), ...probeMistakes(given), ...probeImageMistakes(given)],
        }),
      }
    : {
        kind: 'agreed',
        given: readWay(runner, inputs, {
          way: agreed,
          others: '`contract: none`; contract and manifest say it',
          further: probeMistakes,
        }),
      };
}

/** Nobody comes later to conclude a bake that is recorded nowhere, so this run must be able to. */
function tooLong(given: AloneInputs): readonly string[] {
  const terms = termsOfInputs(given);
  const minutes = terms ? Math.ceil(bakeEnd(terms, 0) / 60_000) : 0;
  return minutes > given['wait-minutes']
    ? [
        `wait-minutes is ${given['wait-minutes']}: give at least ${minutes}, for the bake and its metrics, or a shorter bake-minutes; without a contract no later run concludes a bake`,
      ]
    : [];
}

function statusRange(given: string): ReturnType<Reader<string>> {
  return isStatusRange(given)
    ? { value: given }
    : {
        problem: `is ${JSON.stringify(given.slice(0, 80))}`,
        fix: 'give a status such as 200, or a range such as 200-299',
      };
}

function each(what: string, pattern: RegExp): Reader<readonly string[]> {
  return (given) => {
    const read = lines()(given);
    if (!('value' in read)) return read;
    const wrong = read.value.filter((line) => !pattern.test(line));
    return wrong.length > 0
      ? {
          problem: `has ${wrong.map((line) => JSON.stringify(line.slice(0, 80))).join(', ')}`,
          fix: `give ${what}`,
        }
      : { value: [...new Set(read.value)] };
  };
}

/** A number between two bounds, both allowed; at most three digits after the point. */
function number(from: number, to: number): Reader<number> {
  return (given) => {
    const value = Number(given);
    return /^\d+(\.\d{1,3})?$/.test(given) && value >= from && value <= to
      ? { value }
      : { problem: `is ${JSON.stringify(given.slice(0, 80))}`, fix: `give a number from ${from} to ${to}` };
  };
}
