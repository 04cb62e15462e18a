/** The permissions of a type's handlers, separated by spaces; those without a service are of the type's own service. */
interface SchemaPermissions {
  readonly create: string;
  readonly update: string;
  readonly delete: string;
  /** Whether CloudFormation puts tags of its own on resources of the type. */
  readonly systemTags?: true;
}

/** Made by scripts/schema-permissions.js from: CloudFormation registry schemas of us-east-1, in hashicorp/terraform-provider-awscc f995d4f of 7 August 2026. */
export const SCHEMA_PERMISSIONS: Readonly<Record<string, SchemaPermissions>> = {
  'AWS::ApiGateway::Account': {
    create: 'PATCH iam:GetRole iam:PassRole',
    update: 'PATCH iam:GetRole iam:PassRole',
    delete: 'PATCH',
  },
  'AWS::ApiGateway::ApiKey': { create: 'POST GET PUT', update: 'GET PATCH PUT DELETE', delete: 'DELETE GET', systemTags: true },
  'AWS::ApiGateway::Authorizer': { create: 'POST iam:PassRole', update: 'GET PATCH iam:PassRole', delete: 'DELETE' },
  'AWS::ApiGateway::BasePathMapping': { create: 'POST GET', update: 'GET DELETE PATCH', delete: 'DELETE' },
  'AWS::ApiGateway::Deployment': { create: 'POST PATCH PUT GET', update: 'PATCH GET PUT DELETE', delete: 'GET DELETE' },
  'AWS::ApiGateway::DomainName': { create: 'POST PUT GET', update: 'GET PUT PATCH', delete: 'GET DELETE', systemTags: true },
  'AWS::ApiGateway::GatewayResponse': { create: 'PUT GET', update: 'GET PUT', delete: 'GET DELETE' },
  'AWS::ApiGateway::Method': { create: 'PUT GET iam:PassRole', update: 'GET DELETE PUT iam:PassRole', delete: 'DELETE' },
  'AWS::ApiGateway::Resource': { create: 'POST', update: 'GET PATCH', delete: 'DELETE' },
  'AWS::ApiGateway::RestApi': {
    create: 'GET POST PUT PATCH UpdateRestApiPolicy iam:PassRole',
    update: 'GET DELETE PATCH PUT UpdateRestApiPolicy iam:PassRole',
    delete: 'DELETE',
    systemTags: true,
  },
  'AWS::ApiGateway::Stage': { create: 'POST PATCH GET PUT', update: 'GET PATCH PUT DELETE', delete: 'DELETE', systemTags: true },
  'AWS::ApiGateway::UsagePlan': {
    create: 'POST GET PUT',
    update: 'GET DELETE PATCH PUT',
    delete: 'DELETE GET PATCH',
    systemTags: true,
  },
  'AWS::ApiGateway::UsagePlanKey': { create: 'POST GET', update: '', delete: 'DELETE GET' },
  'AWS::CloudWatch::Alarm': {
    create: 'PutMetricAlarm DescribeAlarms TagResource',
    update: 'PutMetricAlarm DescribeAlarms TagResource UntagResource',
    delete: 'DeleteAlarms DescribeAlarms',
    systemTags: true,
  },
  'AWS::CloudWatch::Dashboard': {
    create: 'PutDashboard GetDashboard TagResource',
    update: 'PutDashboard TagResource UntagResource ListTagsForResource',
    delete: 'DeleteDashboards GetDashboard',
    systemTags: true,
  },
  'AWS::IAM::Role': {
    create: 'CreateRole PutRolePolicy AttachRolePolicy GetRolePolicy TagRole UntagRole GetRole',
    update:
      'UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy DetachRolePolicy AttachRolePolicy DeleteRolePermissionsBoundary PutRolePermissionsBoundary DeleteRolePolicy PutRolePolicy TagRole UntagRole',
    delete: 'DeleteRole DetachRolePolicy DeleteRolePolicy GetRole ListAttachedRolePolicies ListRolePolicies TagRole UntagRole',
  },
  'AWS::Lambda::Function': {
    create:
      'CreateFunction GetFunction PutFunctionConcurrency iam:PassRole kms:CreateGrant kms:Decrypt kms:Encrypt kms:GenerateDataKey GetCodeSigningConfig GetFunctionCodeSigningConfig GetLayerVersion GetRuntimeManagementConfig PutRuntimeManagementConfig TagResource PutFunctionRecursionConfig GetFunctionRecursionConfig PutFunctionScalingConfig PassCapacityProvider',
    update:
      'DeleteFunctionConcurrency GetFunction PutFunctionConcurrency TagResource UntagResource UpdateFunctionConfiguration UpdateFunctionCode iam:PassRole kms:CreateGrant kms:Decrypt kms:GenerateDataKey GetRuntimeManagementConfig PutRuntimeManagementConfig PutFunctionCodeSigningConfig DeleteFunctionCodeSigningConfig GetCodeSigningConfig GetFunctionCodeSigningConfig PutFunctionRecursionConfig GetFunctionRecursionConfig PutFunctionScalingConfig PublishVersion PassCapacityProvider',
    delete: 'DeleteFunction GetFunction',
    systemTags: true,
  },
  'AWS::Lambda::Permission': { create: 'AddPermission', update: '', delete: 'RemovePermission' },
  'AWS::Logs::LogGroup': {
    create:
      'DescribeLogGroups CreateLogGroup PutRetentionPolicy TagResource GetDataProtectionPolicy PutDataProtectionPolicy CreateLogDelivery PutResourcePolicy DescribeResourcePolicies',
    update:
      'DescribeLogGroups AssociateKmsKey DisassociateKmsKey PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource GetDataProtectionPolicy PutDataProtectionPolicy CreateLogDelivery',
    delete: 'DescribeLogGroups DeleteLogGroup DeleteDataProtectionPolicy',
    systemTags: true,
  },
  'AWS::Logs::MetricFilter': {
    create: 'PutMetricFilter DescribeMetricFilters',
    update: 'PutMetricFilter DescribeMetricFilters',
    delete: 'DeleteMetricFilter',
  },
  'AWS::SNS::Subscription': {
    create: 'iam:GetRole iam:PassRole Subscribe',
    update: 'iam:GetRole iam:PassRole SetSubscriptionAttributes',
    delete: 'Unsubscribe GetSubscriptionAttributes',
  },
  'AWS::SNS::Topic': {
    create: 'CreateTopic TagResource Subscribe GetTopicAttributes PutDataProtectionPolicy iam:GetRole iam:PassRole',
    update:
      'SetTopicAttributes TagResource UntagResource Subscribe Unsubscribe GetTopicAttributes ListTagsForResource ListSubscriptionsByTopic GetDataProtectionPolicy PutDataProtectionPolicy iam:GetRole iam:PassRole',
    delete: 'GetTopicAttributes DeleteTopic',
    systemTags: true,
  },
  'AWS::WAFv2::WebACL': {
    create: 'CreateWebACL GetWebACL ListTagsForResource TagResource UntagResource',
    update: 'UpdateWebACL GetWebACL ListTagsForResource TagResource UntagResource',
    delete: 'DeleteWebACL GetWebACL',
    systemTags: true,
  },
  'AWS::WAFv2::WebACLAssociation': {
    create:
      'AssociateWebACL GetWebACLForResource GetWebACL DisassociateWebACL PutPermissionPolicy GetPermissionPolicy apigateway:SetWebACL',
    update: 'AssociateWebACL GetWebACLForResource GetWebACL DisassociateWebACL apigateway:SetWebACL',
    delete: 'AssociateWebACL GetWebACLForResource GetWebACL DisassociateWebACL PutPermissionPolicy apigateway:SetWebACL',
  },
};
