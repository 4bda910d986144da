/** What the page may call on a rank, by the type of what the rank's script passes to serve(). */

/** The program that a rank serves: what serve()'s function returns, or promises; any other type is the program itself. */
export type ProgramOf<P extends object> = P extends (...args: never) => infer R
  ? Extract<Awaited<R>, object>
  : P;

/** The methods of a rank program, each by a promise. Of other members the page sees nothing. */
export type RankProxy<P extends object> = MethodsOf<ProgramOf<P>>;

type MethodsOf<Program> = {
  readonly [K in keyof Program as Program[K] extends (...args: never) => unknown
    ? K
    : never]: Program[K] extends (...args: infer A) => infer R ? (...args: A) => Promise<Awaited<R>> : never;
};
