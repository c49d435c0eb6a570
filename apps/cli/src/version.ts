/** Of this package; package.json has the same, and a test compares them. */
export const CLI_VERSION = '0.1.0';
