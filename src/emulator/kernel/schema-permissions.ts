/**
 * The registry schema of a type: the permissions of its handlers in the services that the emulator has, and whether CloudFormation
 * puts tags of its own on it.
 */
export interface SchemaPermissions {
  readonly create: string;
  readonly update: string;
  readonly delete: string;
  readonly systemTags: boolean;
}

/** Made by scripts/schema-permissions.js from: CloudFormation registry schemas of us-east-1, in hashicorp/terraform-provider-awscc f995d4f of 7 August 2026. */
export const SCHEMA_PERMISSIONS: Readonly<Record<string, SchemaPermissions>> = {
  'AWS::ApiGateway::Account': {
    create: 'apigateway:PATCH iam:GetRole iam:PassRole',
    update: 'apigateway:PATCH iam:GetRole iam:PassRole',
    delete: 'apigateway:PATCH',
    systemTags: false,
  },
  'AWS::ApiGateway::ApiKey': {
    create: 'apigateway:POST apigateway:GET apigateway:PUT',
    update: 'apigateway:GET apigateway:PATCH apigateway:PUT apigateway:DELETE',
    delete: 'apigateway:DELETE apigateway:GET',
    systemTags: true,
  },
  'AWS::ApiGateway::Authorizer': {
    create: 'apigateway:POST iam:PassRole',
    update: 'apigateway:GET apigateway:PATCH iam:PassRole',
    delete: 'apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::BasePathMapping': {
    create: 'apigateway:POST apigateway:GET',
    update: 'apigateway:GET apigateway:DELETE apigateway:PATCH',
    delete: 'apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::Deployment': {
    create: 'apigateway:POST apigateway:PATCH apigateway:PUT apigateway:GET',
    update: 'apigateway:PATCH apigateway:GET apigateway:PUT apigateway:DELETE',
    delete: 'apigateway:GET apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::DomainName': {
    create: 'apigateway:POST apigateway:PUT apigateway:GET',
    update: 'apigateway:GET apigateway:PUT apigateway:PATCH',
    delete: 'apigateway:GET apigateway:DELETE',
    systemTags: true,
  },
  'AWS::ApiGateway::GatewayResponse': {
    create: 'apigateway:PUT apigateway:GET',
    update: 'apigateway:GET apigateway:PUT',
    delete: 'apigateway:GET apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::Method': {
    create: 'apigateway:PUT apigateway:GET iam:PassRole',
    update: 'apigateway:GET apigateway:DELETE apigateway:PUT iam:PassRole',
    delete: 'apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::Resource': {
    create: 'apigateway:POST',
    update: 'apigateway:GET apigateway:PATCH',
    delete: 'apigateway:DELETE',
    systemTags: false,
  },
  'AWS::ApiGateway::RestApi': {
    create: 'apigateway:GET apigateway:POST apigateway:PUT apigateway:PATCH apigateway:UpdateRestApiPolicy iam:PassRole',
    update: 'apigateway:GET apigateway:DELETE apigateway:PATCH apigateway:PUT apigateway:UpdateRestApiPolicy iam:PassRole',
    delete: 'apigateway:DELETE',
    systemTags: true,
  },
  'AWS::ApiGateway::Stage': {
    create: 'apigateway:POST apigateway:PATCH apigateway:GET apigateway:PUT',
    update: 'apigateway:GET apigateway:PATCH apigateway:PUT apigateway:DELETE',
    delete: 'apigateway:DELETE',
    systemTags: true,
  },
  'AWS::ApiGateway::UsagePlan': {
    create: 'apigateway:POST apigateway:GET apigateway:PUT',
    update: 'apigateway:GET apigateway:DELETE apigateway:PATCH apigateway:PUT',
    delete: 'apigateway:DELETE apigateway:GET apigateway:PATCH',
    systemTags: true,
  },
  'AWS::ApiGateway::UsagePlanKey': {
    create: 'apigateway:POST apigateway:GET',
    update: '',
    delete: 'apigateway:DELETE apigateway:GET',
    systemTags: false,
  },
  'AWS::CloudWatch::Alarm': {
    create: 'cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:TagResource',
    update: 'cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:TagResource cloudwatch:UntagResource',
    delete: 'cloudwatch:DeleteAlarms cloudwatch:DescribeAlarms',
    systemTags: true,
  },
  'AWS::CloudWatch::Dashboard': {
    create: 'cloudwatch:PutDashboard cloudwatch:GetDashboard cloudwatch:TagResource',
    update: 'cloudwatch:PutDashboard cloudwatch:TagResource cloudwatch:UntagResource cloudwatch:ListTagsForResource',
    delete: 'cloudwatch:DeleteDashboards cloudwatch:GetDashboard',
    systemTags: true,
  },
  'AWS::IAM::Role': {
    create: 'iam:CreateRole iam:PutRolePolicy iam:AttachRolePolicy iam:GetRolePolicy iam:TagRole iam:UntagRole iam:GetRole',
    update:
      'iam:UpdateRole iam:UpdateRoleDescription iam:UpdateAssumeRolePolicy iam:DetachRolePolicy iam:AttachRolePolicy iam:DeleteRolePermissionsBoundary iam:PutRolePermissionsBoundary iam:DeleteRolePolicy iam:PutRolePolicy iam:TagRole iam:UntagRole',
    delete:
      'iam:DeleteRole iam:DetachRolePolicy iam:DeleteRolePolicy iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:TagRole iam:UntagRole',
    systemTags: false,
  },
  'AWS::Lambda::Function': {
    create:
      'lambda:CreateFunction lambda:GetFunction lambda:PutFunctionConcurrency iam:PassRole kms:CreateGrant kms:Decrypt kms:Encrypt kms:GenerateDataKey lambda:GetCodeSigningConfig lambda:GetFunctionCodeSigningConfig lambda:GetLayerVersion lambda:GetRuntimeManagementConfig lambda:PutRuntimeManagementConfig lambda:TagResource lambda:PutFunctionRecursionConfig lambda:GetFunctionRecursionConfig lambda:PutFunctionScalingConfig lambda:PassCapacityProvider',
    update:
      'lambda:DeleteFunctionConcurrency lambda:GetFunction lambda:PutFunctionConcurrency lambda:TagResource lambda:UntagResource lambda:UpdateFunctionConfiguration lambda:UpdateFunctionCode iam:PassRole kms:CreateGrant kms:Decrypt kms:GenerateDataKey lambda:GetRuntimeManagementConfig lambda:PutRuntimeManagementConfig lambda:PutFunctionCodeSigningConfig lambda:DeleteFunctionCodeSigningConfig lambda:GetCodeSigningConfig lambda:GetFunctionCodeSigningConfig lambda:PutFunctionRecursionConfig lambda:GetFunctionRecursionConfig lambda:PutFunctionScalingConfig lambda:PublishVersion lambda:PassCapacityProvider',
    delete: 'lambda:DeleteFunction lambda:GetFunction',
    systemTags: true,
  },
  'AWS::Lambda::Permission': { create: 'lambda:AddPermission', update: '', delete: 'lambda:RemovePermission', systemTags: false },
  'AWS::Logs::LogGroup': {
    create:
      'logs:DescribeLogGroups logs:CreateLogGroup logs:PutRetentionPolicy logs:TagResource logs:GetDataProtectionPolicy logs:PutDataProtectionPolicy logs:CreateLogDelivery logs:PutResourcePolicy logs:DescribeResourcePolicies',
    update:
      'logs:DescribeLogGroups logs:AssociateKmsKey logs:DisassociateKmsKey logs:PutRetentionPolicy logs:DeleteRetentionPolicy logs:TagResource logs:UntagResource logs:GetDataProtectionPolicy logs:PutDataProtectionPolicy logs:CreateLogDelivery',
    delete: 'logs:DescribeLogGroups logs:DeleteLogGroup logs:DeleteDataProtectionPolicy',
    systemTags: true,
  },
  'AWS::Logs::MetricFilter': {
    create: 'logs:PutMetricFilter logs:DescribeMetricFilters',
    update: 'logs:PutMetricFilter logs:DescribeMetricFilters',
    delete: 'logs:DeleteMetricFilter',
    systemTags: false,
  },
  'AWS::SNS::Subscription': {
    create: 'iam:GetRole iam:PassRole sns:Subscribe',
    update: 'iam:GetRole iam:PassRole sns:SetSubscriptionAttributes',
    delete: 'sns:Unsubscribe sns:GetSubscriptionAttributes',
    systemTags: false,
  },
  'AWS::SNS::Topic': {
    create:
      'sns:CreateTopic sns:TagResource sns:Subscribe sns:GetTopicAttributes sns:PutDataProtectionPolicy iam:GetRole iam:PassRole',
    update:
      'sns:SetTopicAttributes sns:TagResource sns:UntagResource sns:Subscribe sns:Unsubscribe sns:GetTopicAttributes sns:ListTagsForResource sns:ListSubscriptionsByTopic sns:GetDataProtectionPolicy sns:PutDataProtectionPolicy iam:GetRole iam:PassRole',
    delete: 'sns:GetTopicAttributes sns:DeleteTopic',
    systemTags: true,
  },
  'AWS::WAFv2::WebACL': {
    create: 'wafv2:CreateWebACL wafv2:GetWebACL wafv2:ListTagsForResource wafv2:TagResource wafv2:UntagResource',
    update: 'wafv2:UpdateWebACL wafv2:GetWebACL wafv2:ListTagsForResource wafv2:TagResource wafv2:UntagResource',
    delete: 'wafv2:DeleteWebACL wafv2:GetWebACL',
    systemTags: true,
  },
  'AWS::WAFv2::WebACLAssociation': {
    create:
      'wafv2:AssociateWebACL wafv2:GetWebACLForResource wafv2:GetWebACL wafv2:DisassociateWebACL wafv2:PutPermissionPolicy wafv2:GetPermissionPolicy apigateway:SetWebACL',
    update: 'wafv2:AssociateWebACL wafv2:GetWebACLForResource wafv2:GetWebACL wafv2:DisassociateWebACL apigateway:SetWebACL',
    delete:
      'wafv2:AssociateWebACL wafv2:GetWebACLForResource wafv2:GetWebACL wafv2:DisassociateWebACL wafv2:PutPermissionPolicy apigateway:SetWebACL',
    systemTags: false,
  },
};
