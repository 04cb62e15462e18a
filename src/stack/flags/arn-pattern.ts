/**
 * A pattern for the ARNs of one kind of thing.
 * @param service as ARNs name it
 * @param resource pattern of what follows the account
 * @param place pattern of Region and account
 */
export function arnPattern(
  service: string,
  resource: string,
  place: string = '[a-z0-9-]+:\\d{12}',
): RegExp {
  return new RegExp(`^arn:aws[a-z-]*:${service}:${place}:${resource}$`);
}
