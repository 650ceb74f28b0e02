/** A refusal in GitHub's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;

  constructor(status: number, message: string, errors?: readonly unknown[]) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/** Also the answer for what exists and the token may not see. */
export function notFound(): ApiError {
  return new ApiError(404, 'Not Found');
}

export function validationFailed(...errors: readonly FieldError[]): ApiError {
  return new ApiError(422, 'Validation Failed', errors);
}

/** GitHub's older form: plain sentences. */
export function unprocessable(message: string, ...errors: readonly string[]): ApiError {
  return new ApiError(422, message, errors.length > 0 ? errors : undefined);
}

export interface FieldError {
  readonly resource: string;
  readonly field: string;
  readonly code: 'missing' | 'missing_field' | 'invalid' | 'already_exists' | 'custom';
  readonly message?: string;
}
