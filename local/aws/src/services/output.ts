/** What a handler answers: the SDK's own output type without what its client adds. */
export type Output<CommandOutput> = Omit<CommandOutput, '$metadata'>;
