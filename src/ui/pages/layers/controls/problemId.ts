/** For aria-describedby of the field that is wrong. */
export const PROBLEM_ID = 'layers-problem';
