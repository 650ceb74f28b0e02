/**
 * Something that the reader can fix. Anything else that is thrown is a bug of ours and is reported as `UNEXPECTED`.
 * `code` is for ever: SCREAMING_SNAKE, with a page at `docs/failures/CODE.md`.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: string;
  /** What to do, in the imperative. */
  readonly remedy: string;
  /** One line for each mistake, when there are several. */
  readonly details: readonly string[];

  constructor(
    code: string,
    message: string,
    remedy: string,
    options: { readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.remedy = remedy;
    this.details = options.details ?? [];
  }
}

/** The message without the details that it repeats for `result`, which has no lines of its own. */
export function headlineOf({ message, details }: Failure): string {
  const repeated = details.length > 0 ? message.indexOf(`: ${details.join('; ')}`) : -1;
  return repeated < 0 ? message : `${message.slice(0, repeated)}:`;
}

/** A failure of one code: its message from the facts, its remedy fixed beside it. */
export interface FailureKind<Facts extends readonly unknown[]> {
  readonly code: string;
  readonly remedy: string;
  (...facts: Facts): Failure;
}

/**
 * Declares a code where an action or package lists its failures:
 * `lockHeld: failure('LOCK_HELD', (by: string, until: string) => …, 'Wait until …')`.
 */
export function failure<Facts extends readonly unknown[]>(
  code: string,
  message: (
    ...facts: Facts
  ) => string | { readonly message: string; readonly details?: readonly string[]; readonly cause?: unknown },
  remedy: string,
): FailureKind<Facts> {
  const make = (...facts: Facts): Failure => {
    const said = message(...facts);
    return typeof said === 'string'
      ? new Failure(code, said, remedy)
      : new Failure(code, said.message, remedy, said);
  };
  return Object.assign(make, { code, remedy });
}
