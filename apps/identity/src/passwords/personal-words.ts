/** What a password of this person must not be made of. */
export const personalWords = (user: { email: string; name: string }, ...more: string[]): string[] => [
  user.email,
  ...user.email.split(/[@.+_-]/),
  user.name,
  user.name.replaceAll(' ', ''),
  ...user.name.split(' '),
  ...more,
];
