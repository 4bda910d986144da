/** The element that says what is wrong with a field: apart from the controls, whose fields point at it. */
export const PROBLEM_ID = 'model-problem';
