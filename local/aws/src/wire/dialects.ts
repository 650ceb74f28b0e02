/** How a service speaks, as its SDK client is configured; a test compares this table with the clients. */
export interface Dialect {
  readonly protocol: 'json' | 'query' | 'ec2' | 'rest-xml' | 'rest-json';
  /** The part of `x-amz-target` before the dot. */
  readonly target: string;
  /** `Version` of the query protocols. */
  readonly version: string;
  readonly namespace: string;
  /** The code that answers a request which does not fit its schema; not in the schemas, from the API references. */
  readonly invalid: string;
}

/** By the service's name in the credential scope. */
export const DIALECTS: Readonly<Record<string, Dialect>> = {
  ecs: {
    protocol: 'json',
    target: 'AmazonEC2ContainerServiceV20141113',
    version: '2014-11-13',
    namespace: 'http://ecs.amazonaws.com/doc/2014-11-13/',
    invalid: 'InvalidParameterException',
  },
  ecr: {
    protocol: 'json',
    target: 'AmazonEC2ContainerRegistry_V20150921',
    version: '2015-09-21',
    namespace: 'http://ecr.amazonaws.com/doc/2015-09-21/',
    invalid: 'InvalidParameterException',
  },
  kms: {
    protocol: 'json',
    target: 'TrentService',
    version: '2014-11-01',
    namespace: 'https://trent.amazonaws.com/doc/2014-11-01/',
    invalid: 'ValidationException',
  },
  logs: {
    protocol: 'json',
    target: 'Logs_20140328',
    version: '2014-03-28',
    namespace: 'http://monitoring.amazonaws.com/doc/2014-03-28/',
    invalid: 'InvalidParameterException',
  },
  monitoring: {
    protocol: 'json',
    target: 'GraniteServiceVersion20100801',
    version: '2010-08-01',
    namespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    invalid: 'ValidationError',
  },
  secretsmanager: {
    protocol: 'json',
    target: 'secretsmanager',
    version: '2017-10-17',
    namespace: '',
    invalid: 'ValidationException',
  },
  servicequotas: {
    protocol: 'json',
    target: 'ServiceQuotasV20190624',
    version: '2019-06-24',
    namespace: '',
    invalid: 'IllegalArgumentException',
  },
  cloudtrail: {
    protocol: 'json',
    target: 'CloudTrail_20131101',
    version: '2013-11-01',
    namespace: 'http://cloudtrail.amazonaws.com/doc/2013-11-01/',
    invalid: 'ValidationException',
  },
  ssm: {
    protocol: 'json',
    target: 'AmazonSSM',
    version: '2014-11-06',
    namespace: 'http://ssm.amazonaws.com/doc/2014-11-06/',
    invalid: 'ValidationException',
  },
  'application-autoscaling': {
    protocol: 'json',
    target: 'AnyScaleFrontendService',
    version: '2016-02-06',
    namespace: '',
    invalid: 'ValidationException',
  },
  sts: {
    protocol: 'query',
    target: 'AWSSecurityTokenServiceV20110615',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    invalid: 'ValidationError',
  },
  iam: {
    protocol: 'query',
    target: 'AWSIdentityManagementV20100508',
    version: '2010-05-08',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    invalid: 'ValidationError',
  },
  cloudformation: {
    protocol: 'query',
    target: 'CloudFormation',
    version: '2010-05-15',
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    invalid: 'ValidationError',
  },
  cloudcontrolapi: {
    protocol: 'json',
    target: 'CloudApiService',
    version: '2021-09-30',
    namespace: '',
    invalid: 'ValidationException',
  },
  elasticloadbalancing: {
    protocol: 'query',
    target: 'ElasticLoadBalancing_v10',
    version: '2015-12-01',
    namespace: 'http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/',
    invalid: 'ValidationError',
  },
  ec2: {
    protocol: 'ec2',
    target: 'AmazonEC2',
    version: '2016-11-15',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15',
    invalid: 'InvalidParameterValue',
  },
  sns: {
    protocol: 'query',
    target: 'AmazonSimpleNotificationService',
    version: '2010-03-31',
    namespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    invalid: 'InvalidParameter',
  },
  backup: {
    protocol: 'rest-json',
    target: 'CryoControllerUserManager',
    version: '2018-11-15',
    namespace: '',
    invalid: 'InvalidParameterValueException',
  },
  inspector2: {
    protocol: 'rest-json',
    target: 'Inspector2',
    version: '2020-06-08',
    namespace: '',
    invalid: 'ValidationException',
  },
  s3: {
    protocol: 'rest-xml',
    target: 'AmazonS3',
    version: '2006-03-01',
    namespace: 'http://s3.amazonaws.com/doc/2006-03-01/',
    invalid: 'InvalidRequest',
  },
};
