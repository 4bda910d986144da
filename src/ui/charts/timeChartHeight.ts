const ROW_HEIGHT = 30;
/** More rows than this stand closer. */
export const MANY_ROWS = 8;
const CLOSE_HEIGHT = 22;
const AXIS_HEIGHT = 34;

/** What a TimeChart of so many rows takes at least, in pixels. Apart from it, which brings a large library. */
export function timeChartHeight(rows: number): number {
  return rows * (rows > MANY_ROWS ? CLOSE_HEIGHT : ROW_HEIGHT) + AXIS_HEIGHT;
}
