/** The rank that one looks at: the picture chooses it with a tensor, the opened tensor shows it. Of this visit only. */

import { create } from 'zustand';

interface OpenedRank {
  readonly rank: number;
  choose(rank: number): void;
}

export const useOpenedRank = create<OpenedRank>((set) => ({
  rank: 0,
  choose: (rank) => set({ rank }),
}));
