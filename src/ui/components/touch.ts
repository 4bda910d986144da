/** How a page is pointed at: a phone is not to be told of a pointer and of Tab. */

const isTouched = 'matchMedia' in globalThis && matchMedia('(hover: none)').matches;

/** What to say where there is a pointer and a keyboard, or where there are fingers. */
export function byInput(pointed: string, tapped: string): string {
  return isTouched ? tapped : pointed;
}
