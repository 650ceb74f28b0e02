/** Amazon ECR, for what is asked without its client: every command more would be in each job's download. */
export const ECR = {
  name: 'ecr',
  host: 'api.ecr',
  variable: 'ECR',
  govFips: true,
  target: 'AmazonEC2ContainerRegistry_V20150921',
  version: '1.1',
} as const;
