// Lets one token in; for a second it neither allows nor denies, and it denies all others.
exports.handler = async (/** @type {any} */ { methodArn, headers }) => {
  const token = String(headers.Authorization ?? headers.authorization).replace('Bearer ', '');
  const effect = token === 'let-me-in' ? 'Allow' : 'Deny';
  const statement = { Action: 'execute-api:Invoke', Effect: effect, Resource: methodArn.replace(/\/.*/, '/*') };
  // A statement about another API: neither an Allow nor a Deny for this one.
  const elsewhere = { ...statement, Effect: 'Allow', Resource: methodArn.replace(/:[^:]+$/, ':0000000000/*') };
  return {
    principalId: 'someone',
    policyDocument: { Version: '2012-10-17', Statement: [token === 'say-nothing' ? elsewhere : statement] },
  };
};
