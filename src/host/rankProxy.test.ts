/** What a page may call follows from what the rank's script passes to serve(). `npm run types` checks most of it. */

import { expectTypeOf, it } from 'vitest';
import { type LaunchOptions, launch, type ProgramOf, type RankGroup, type RankProxy } from '../index.ts';
import type { RankContext } from '../rank/index.ts';

/** As a rank's script would have it. */
async function program({ rank }: RankContext) {
  return {
    rank,
    async forward(x: Float32Array, rows: number): Promise<Float32Array> {
      return x.slice(0, rows);
    },
    double(value: number): number {
      return 2 * value;
    },
  };
}

interface Named {
  add(a: number, b?: number): Promise<number>;
}

class Counter {
  #count = 0;
  count(): number {
    return this.#count++;
  }
}

it('has the methods of the program, each by a promise, and no other member', () => {
  expectTypeOf<RankProxy<typeof program>>().toEqualTypeOf<{
    readonly forward: (x: Float32Array, rows: number) => Promise<Float32Array>;
    readonly double: (value: number) => Promise<number>;
  }>();
});

it('follows from a function, a factory of a class, an interface, and a class', () => {
  expectTypeOf<ProgramOf<typeof program>>().toEqualTypeOf<Awaited<ReturnType<typeof program>>>();
  expectTypeOf<ProgramOf<() => Counter>>().toEqualTypeOf<Counter>();
  expectTypeOf<RankProxy<() => Counter>>().toEqualTypeOf<{ readonly count: () => Promise<number> }>();
  expectTypeOf<RankProxy<Counter>>().toEqualTypeOf<RankProxy<() => Counter>>();
  expectTypeOf<ProgramOf<Named>>().toEqualTypeOf<Named>();
  expectTypeOf<RankProxy<Named>['add']>().toEqualTypeOf<(a: number, b?: number) => Promise<number>>();
});

it('compiles what is right, and nothing else', () => {
  // Never called: what is tested is whether they compile.
  const right = (group: RankGroup<typeof program>) =>
    group.all((rank) => rank.forward(new Float32Array(4), 2));
  expectTypeOf(right).returns.resolves.toEqualTypeOf<Float32Array[]>();
  const launched = (options: LaunchOptions) => launch<typeof program>(options);
  expectTypeOf(launched).returns.resolves.toEqualTypeOf<RankGroup<typeof program>>();
  const wrong = (group: RankGroup<typeof program>, options: LaunchOptions) => [
    // @ts-expect-error the program has no such method
    group.all((rank) => rank.backward(new Float32Array(4), 2)),
    // @ts-expect-error a number where an array is due
    group.all((rank) => rank.forward(4, 2)),
    // @ts-expect-error an argument is missing
    group.all((rank) => rank.forward(new Float32Array(4))),
    // @ts-expect-error not a method: the page sees nothing of it
    group.all((rank) => rank.rank()),
    // @ts-expect-error a call's answer is a promise
    group.all((rank) => rank.double(2).toFixed()),
    // @ts-expect-error without a type it has no methods, rather than any
    launch(options).then((untyped) => untyped.all((rank) => rank.forward())),
  ];
  expectTypeOf(wrong).toBeFunction();
});
