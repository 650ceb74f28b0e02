/**
 * What DescribeTaskDefinition answers and RegisterTaskDefinition refuses: the members of the shape TaskDefinition
 * that are not members of RegisterTaskDefinitionRequest. A test derives the same list from the SDK's own model.
 */
export const READ_ONLY_MEMBERS: ReadonlySet<string> = new Set([
  'taskDefinitionArn',
  'revision',
  'status',
  'requiresAttributes',
  'compatibilities',
  'registeredAt',
  'deregisteredAt',
  'deleteRequestedAt',
  'registeredBy',
]);
