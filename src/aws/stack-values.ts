// The groups are those of the help.
type Authorization = 'AuthMode' | 'UserPoolArn' | 'AuthScopes' | 'AuthorizerArn' | 'IdentitySource' | 'AuthorizerTtlSeconds';
type Caller = 'UserIdFrom' | 'SessionScope' | 'ApiKeySlot' | 'KeepsOtherApiKey';
type Address = 'EndpointType' | 'VpcEndpointIds' | 'DomainName' | 'CertificateArn' | 'HostedZoneId' | 'BasePath';
type Filter = 'CorsOrigins' | 'CorsCredentials' | 'AllowCidrs' | 'Waf' | 'WafRateLimit' | 'WafAclArn';
type Limit = 'RateLimit' | 'BurstLimit' | 'QuotaPerDay' | 'MaxConcurrency';
type Observation = 'AccessLog' | 'LogRetentionDays' | 'Tracing' | 'Dashboard' | 'AlarmEmail' | 'AlarmTopicArn';
type Agent = 'AgentRuntimeArn' | 'AgentQualifier';
type LambdaFunction = 'HeartbeatMs' | 'FlushMode' | 'MemorySize' | 'Architecture' | 'PermissionsBoundary';
/** Parameters of the template, by the settings they carry. `src/stack/settings` has a table for each group and a row for each name. */
export type ParameterName = Authorization | Caller | Address | Filter | Limit | Observation | Agent | LambdaFunction;

type ApiOutput = 'Url' | 'ApiUrl' | 'ApiId' | 'StageName' | 'EndpointType' | 'AuthMode' | 'ApiKeyId' | 'OtherApiKeyId';
type SettingOutput = 'DomainName' | 'DomainTarget' | 'AccessLogGroupName' | 'WafAclArn' | 'AlarmTopicArn' | 'MaxConcurrency';
/** `Handler`: file of the user's own function (`deploy --handler`); absent when the bundled one runs. */
type FunctionOutput = 'FunctionName' | 'Handler' | 'LogGroupName' | 'AgentRuntimeArn';
/** Outputs of the template. */
export type OutputName = ApiOutput | SettingOutput | FunctionOutput;

/** Values of parameters; a stack of an older version lacks some. */
export type ParameterValues = { readonly [Name in ParameterName]?: string | undefined };

export type OutputValues = { readonly [Name in OutputName]?: string | undefined };
