/** What the jobs of a run have uploaded, by name: the files by their path inside. Kept as long as the run's result. */
export type Artifacts = Map<string, ReadonlyMap<string, Uint8Array>>;
