/** Amazon ECR by hand ("Amazon ECR endpoints and quotas"). */
export const ECR = {
  name: 'ecr',
  host: 'api.ecr',
  variable: 'ECR',
  govFips: true,
  target: 'AmazonEC2ContainerRegistry_V20150921',
  version: '1.1',
} as const;
