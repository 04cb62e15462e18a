/** The `prompt` of a payload; all of its text when it is no JSON object with one. */
export function readPrompt(payload: Buffer): string {
  const text = payload.toString('utf8');
  try {
    const value = JSON.parse(text) as { readonly prompt?: unknown } | null;
    if (typeof value?.prompt === 'string') return value.prompt;
  } catch {
    // Plain text is a prompt, too.
  }
  return text;
}
