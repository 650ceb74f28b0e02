/** What ECS says about the revisions of a task definition family. Only retention asks. */
export interface RevisionReader {
  /** ARNs of the ACTIVE revisions of exactly this family. */
  active(family: string): Promise<readonly string[]>;
  /** Task definitions of the tasks of this family that run in the cluster, no matter who started them. */
  running(cluster: string, family: string): Promise<readonly string[]>;
}
