/** Parameters of the template, by the settings they carry. `src/stack/settings` has a row for each. */
export type ParameterName =
  | 'AgentRuntimeArn'
  | 'AgentQualifier'
  | 'AuthMode'
  | 'UserPoolArn'
  | 'AuthScopes'
  | 'AuthorizerArn'
  | 'IdentitySource'
  | 'AuthorizerTtlSeconds'
  | 'UserIdFrom'
  | 'SessionScope'
  | 'ApiKeySlot'
  | 'KeepsOtherApiKey'
  | 'EndpointType'
  | 'VpcEndpointIds'
  | 'DomainName'
  | 'CertificateArn'
  | 'HostedZoneId'
  | 'BasePath'
  | 'CorsOrigins'
  | 'CorsCredentials'
  | 'AllowCidrs'
  | 'Waf'
  | 'WafRateLimit'
  | 'WafAclArn'
  | 'RateLimit'
  | 'BurstLimit'
  | 'QuotaPerDay'
  | 'MaxConcurrency'
  | 'AccessLog'
  | 'LogRetentionDays'
  | 'Tracing'
  | 'Dashboard'
  | 'AlarmEmail'
  | 'AlarmTopicArn'
  | 'HeartbeatMs'
  | 'FlushMode'
  | 'MemorySize'
  | 'Architecture'
  | 'PermissionsBoundary';

/** Outputs of the template. */
export type OutputName =
  | 'Url'
  | 'ApiUrl'
  | 'ApiId'
  | 'StageName'
  | 'EndpointType'
  | 'AuthMode'
  | 'ApiKeyId'
  | 'OtherApiKeyId'
  | 'DomainName'
  | 'DomainTarget'
  | 'AccessLogGroupName'
  | 'WafAclArn'
  | 'AlarmTopicArn'
  | 'MaxConcurrency'
  | 'FunctionName'
  /** File of the user's own function (`deploy --handler`); absent when the bundled one runs. */
  | 'Handler'
  | 'LogGroupName'
  | 'AgentRuntimeArn';

/** Values of parameters; a stack of an older version lacks some. */
export type ParameterValues = { readonly [Name in ParameterName]?: string | undefined };

export type OutputValues = { readonly [Name in OutputName]?: string | undefined };
