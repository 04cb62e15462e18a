/**
 * A function with inline code and its role, as resources of a template: `Role` and `Function`, or what comes before these words.
 * @param prefix of both logical ids
 */
export function functionResources(code: string, { prefix = '', name }: { prefix?: string; name?: string } = {}) {
  return {
    [`${prefix}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        },
      },
    },
    [`${prefix}Function`]: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        ...(name !== undefined && { FunctionName: name }),
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [`${prefix}Role`, 'Arn'] },
        Code: { ZipFile: code },
      },
    },
  };
}
