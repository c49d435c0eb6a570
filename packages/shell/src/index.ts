export * from './analysis.js';
export { analyze } from './analyze.js';
