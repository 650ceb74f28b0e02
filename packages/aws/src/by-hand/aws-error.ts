/** What AWS said instead of an answer, in the shape of the SDK's errors. */
export class AwsError extends Error {
  readonly $metadata: {
    readonly httpStatusCode: number;
    readonly attempts: number;
    /** The next try is signed with AWS's time. */
    readonly clockSkewCorrected?: true;
  };

  constructor(name: string, message: string, metadata: AwsError['$metadata']) {
    super(message);
    this.name = name;
    this.$metadata = metadata;
  }
}
